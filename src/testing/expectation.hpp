// Compares the rows that a test expects with those that came, as typed values and in any order. A
// column that an expected row leaves out is not compared. Rows that do not match are paired with
// the most similar ones, so that the difference shows. Pure; one thread.
#pragma once

#include <string>
#include <vector>

#include "spec/pipeline_spec.hpp"
#include "testing/collected_rows.hpp"

namespace sluice {

struct ColumnDifference {
  std::string column;
  std::string expected;
  std::string actual;
};

// One thing that is not as expected. Rows are shown as {column: value, …}.
struct TestFailure {
  SourceLocation location;  // of the expected row; of the relation for a row that is too many
  std::string relation;
  std::string message;
  std::string expected;  // empty: none was expected
  std::string actual;    // empty: none came
  std::vector<ColumnDifference> differences;
};

std::vector<TestFailure> compare_rows(const TestRowsSpec& expected, const Schema& schema,
                                      const std::vector<TestCells>& actual, const TimeZone& zone);

}  // namespace sluice
