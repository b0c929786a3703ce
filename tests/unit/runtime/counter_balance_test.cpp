#include "runtime/counter_balance.hpp"

#include <gtest/gtest.h>

#include "dataflow/step_counters.hpp"
#include "env/metrics.hpp"

namespace sluice {
namespace {

int64_t value_of(const Counters& counters, const Metric& metric) {
  int64_t sum = 0;
  for (const Counters::Sample& sample : counters.samples()) {
    if (sample.metric == &metric) sum += sample.value;
  }
  return sum;
}

int64_t imbalance(const Counters& counters) {
  return value_of(counters, metrics::records_in) + value_of(counters, metrics::records_created) +
         value_of(counters, metrics::records_restored) - value_of(counters, metrics::records_out) -
         value_of(counters, metrics::records_dropped) - value_of(counters, metrics::records_dead) -
         value_of(counters, metrics::late_records) - value_of(counters, metrics::records_held);
}

TEST(CounterBalance, FirstRunFindsNothingToSettle) {
  Counters counters;
  const StepCounters step(counters, "p", "s", "aggregate");
  begin_counting(counters);
  count_restored(counters);
  EXPECT_EQ(value_of(counters, metrics::records_dropped), 0);
  EXPECT_EQ(value_of(counters, metrics::records_restored), 0);
}

TEST(CounterBalance, StateOfACheckpointIsCountedAsRestored) {
  Counters counters;
  const StepCounters step(counters, "p", "s", "aggregate");
  begin_counting(counters);
  step.held.add(7);
  count_restored(counters);
  EXPECT_EQ(value_of(counters, metrics::records_restored), 7);
  EXPECT_EQ(imbalance(counters), 0);
}

// It had taken 10 rows, 2 of them late and 3 handed on, held 4 and failed over one; the checkpoint
// before has 2.
TEST(CounterBalance, RowsOfAFailedRunAreRolledBack) {
  Counters counters;
  StepCounters step(counters, "p", "s", "aggregate");
  step.in.add(10);
  step.late(RowPolicy::drop).add(2);
  step.out.add(3);
  step.held.add(4);
  begin_counting(counters);
  EXPECT_EQ(step.held.value(), 0);
  EXPECT_EQ(step.dropped("rolled_back").value(), 5);
  step.held.add(2);
  count_restored(counters);
  EXPECT_EQ(step.held.value(), 2);
  EXPECT_EQ(imbalance(counters), 0);
}

TEST(CounterBalance, EveryOperatorIsSettledByItself) {
  Counters counters;
  StepCounters first(counters, "p", "s", "join");
  StepCounters second(counters, "p", "s", "aggregate");
  first.in.add(5);
  second.in.add(8);
  second.out.add(8);
  begin_counting(counters);
  EXPECT_EQ(first.dropped("rolled_back").value(), 5);
  EXPECT_EQ(second.dropped("rolled_back").value(), 0);
}

}  // namespace
}  // namespace sluice
