// The check of counters that every golden case ends with, over counters that are wrong.
#include "pipelines/counter_sheet.hpp"

#include <gtest/gtest.h>

#include "dataflow/step_counters.hpp"

namespace sluice::test {
namespace {

// 5 rows in, 2 of them on; what is said when the rest is counted as held `held` times.
std::string problems_with(int64_t held) {
  Counters counters;
  StepCounters step(counters, "p", "s", "aggregate");
  step.in.add(5);
  step.out.add(2);
  step.held.add(held);
  StepCounters other(counters, "p", "s", "filter");
  other.in.add(4);
  other.dropped("filtered").add(4);
  CounterSheet sheet;
  sheet.add(counters);
  return sheet.problems();
}

TEST(CounterSheet_, SaysWhichOperatorDoesNotAddUp) {
  EXPECT_EQ(problems_with(3), "");
  const std::string said =
      "counters of aggregate/s/ do not add up: in + created + restored - out - dropped - dead - "
      "late is 3, held is ";
  EXPECT_EQ(problems_with(2), said + "2\n");
  EXPECT_EQ(problems_with(0), said + "0\n");
}

}  // namespace
}  // namespace sluice::test
