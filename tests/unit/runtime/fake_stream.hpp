// FakeStream: an outside stream in memory for tests of what reads sources: the splits that it has,
// records by split, and failures on demand. Its description makes sources over it. One thread but
// for discovery.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "dataflow/source.hpp"

namespace sluice::test {

struct FakeStream {
  std::mutex mutex;  // of the splits and what discovering them does
  int32_t splits = 0;
  std::optional<Error> trouble;
  bool throws = false;
  uint64_t looks = 0;
  bool is_bounded = false;
  bool start_may_move = false;

  std::map<int32_t, std::vector<std::string>> records;
  bool is_finished = false;               // what is there is all
  std::vector<SplitAssignment> assigned;  // to all of its sources
  std::vector<bool> held;                 // as of the last poll
  size_t most = 0;                        // records that the last poll asked for
};

std::unique_ptr<SourceDescription> describe(FakeStream& stream);

}  // namespace sluice::test
