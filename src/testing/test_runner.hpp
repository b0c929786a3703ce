// run_test: runs one test of a pipeline file: its given rows through the real plan, operators and
// checkpoints, and compares what comes out. Deterministic: one thread, a virtual clock, files in
// memory; touches nothing outside. Any thread, one test at a time per call.
#pragma once

#include <string>
#include <vector>

#include "config/diagnostic.hpp"
#include "spec/load.hpp"
#include "testing/expectation.hpp"

namespace sluice {

struct TestOutcome {
  std::string name;
  SourceLocation location;
  std::vector<TestFailure> failures;  // none: it passed
  size_t restarts = 0;

  bool passed() const { return failures.empty(); }
};

enum class TestMode : uint8_t {
  plain,
  // A barrier after every record, and after each a crash: everything goes on from the checkpoint.
  crash_at_barriers,
};

// Problems of the test itself are reported as diagnostics; the outcome then means nothing.
TestOutcome run_test(const LoadedPipeline& loaded, const TestSpec& test, TestMode mode,
                     Diagnostics& diagnostics);

}  // namespace sluice
