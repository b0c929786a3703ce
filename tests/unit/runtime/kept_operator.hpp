// KeptOperator: an operator that hands on its rows and writes down, by slot, what its task does
// with it: "+I 1", "watermark 10", "barrier 1", "snapshot". Made to fail at one of these on demand.
// Its log outlives it. One thread.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dataflow/operator.hpp"

namespace sluice::test {

struct KeptLog {
  std::array<std::vector<std::string>, 2> of_slot;  // of two
  // The next event that begins so is an error.
  std::string fails_at;
  // Runs within each event.
  std::function<void()> look;
  std::optional<int64_t> next_emission_us;
};

// `schema`: of what it is given.
std::shared_ptr<const OperatorDescription> describe(KeptLog& log, SchemaPtr schema);

}  // namespace sluice::test
