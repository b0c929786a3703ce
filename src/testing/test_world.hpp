// TestWorld: the outside of a pipeline under test, in memory: what its sources deliver, what its
// lookups hold, and what its sinks have published. It outlives every run of the pipeline, so that a
// crash loses nothing that a real server would keep. Owned by one test; one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dataflow/publisher.hpp"

namespace sluice {

struct TestWorld {
  // By source: its records.
  std::map<std::string, std::vector<std::string>> records;
  // By lookup, by its key's values (each followed by a zero byte): the values of its columns as
  // text, NULL as none. Columns not given are absent.
  using LookupRow = std::map<std::string, std::optional<std::string>>;
  std::map<std::string, std::map<std::string, LookupRow>> lookups;
  // How many records the sources may still deliver before the next barrier.
  size_t allowance = 0;
  // By sink: operations, in order of publishing.
  std::map<std::string, std::vector<std::string>> published;
  std::optional<Marker> marker;
};

}  // namespace sluice
