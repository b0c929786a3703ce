#include "operators/group_aggregate.hpp"

#include <gmock/gmock.h>

#include "support/operator_harness.hpp"
#include "support/test_rows.hpp"
#include "unit/operators/aggregate_settings.hpp"

namespace sluice {
namespace {

using test::call;
using test::count_rows;
using test::OperatorHarness;
using test::second_us;
using testing::ElementsAre;

// status text, amount numeric, flag boolean -> status, the calls
GroupAggregateSettings settings_of(std::vector<AggregateCall> calls, bool retracts) {
  GroupAggregateSettings settings;
  settings.policy.step = "totals";
  settings.input = test::schema_of("status text, amount numeric, flag boolean");
  std::vector<Field> fields = {{"status", Type{TypeKind::text}}};
  for (const AggregateCall& column : calls) {
    fields.push_back({"c" + std::to_string(fields.size()), column.function->result});
  }
  settings.output = std::make_shared<Schema>(fields);
  settings.keys = {0};
  settings.calls = std::move(calls);
  settings.input_retracts = retracts;
  return settings;
}

OperatorHarness harness_of(const GroupAggregateSettings& settings) {
  return OperatorHarness(make_group_aggregate(settings), {{settings.input, settings.keys}});
}

TEST(GroupAggregate, GroupAggregate_SendsChangesOncePerBarrier) {
  OperatorHarness harness =
      harness_of(settings_of({count_rows(), call("sum", 1, "numeric")}, false));
  harness.rows("a | 1.50 | true\n b | 2 | true\n a | 2.25 | true").barrier();
  harness.rows("a | NULL | true").barrier();
  const test::HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I a|2|3.75", "+I b|1|2", "-U a|2|3.75", "+U a|3|3.75"));
  EXPECT_EQ(result.counters.at("held"), 4);
}

TEST(GroupAggregate, GroupAggregate_SendsNothingWhenResultIsTheSame) {
  OperatorHarness harness = harness_of(settings_of({call("max", 1, "numeric")}, false));
  harness.rows("a | 3 | true").barrier().rows("a | 2 | true").barrier();
  EXPECT_THAT(harness.run().changes, ElementsAre("+I a|3"));
}

TEST(GroupAggregate, GroupAggregate_DeletesGroupWhoseLastRowIsTakenBack) {
  OperatorHarness harness = harness_of(settings_of({count_rows()}, true));
  harness.rows("a | 1 | true").barrier().rows("-D a | 1 | true").barrier();
  harness.rows("b | 1 | true\n -D b | 1 | true").barrier();
  harness.rows("a | 5 | true").barrier();
  const test::HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I a|1", "-D a|1", "+I a|1"));
  EXPECT_EQ(result.counters.at("dropped folded"), 4);
  EXPECT_EQ(result.counters.at("held"), 1);
}

TEST(GroupAggregate, GroupAggregate_TakesExtremesAndDistinctValuesBack) {
  AggregateCall distinct = call("sum", 1, "numeric");
  distinct.distinct = true;
  AggregateCall distinct_count = call("count", 1, "numeric");
  distinct_count.distinct = true;
  OperatorHarness harness = harness_of(settings_of(
      {call("min", 1, "numeric"), call("max", 1, "numeric"), distinct, distinct_count}, true));
  harness.rows("a | 3.0 | true\n a | 1.0 | true\n a | 3.0 | true\n a | 2.5 | true").barrier();
  harness.rows("-U a | 1.0 | true\n +U a | 2.0 | true").barrier();
  harness.rows("-D a | 3.0 | true").barrier();
  harness.rows("-D a | 3.0 | true").barrier();
  EXPECT_THAT(harness.run().changes,
              ElementsAre("+I a|1.0|3.0|6.5|3", "-U a|1.0|3.0|6.5|3", "+U a|2.0|3.0|7.5|3",
                          "-U a|2.0|3.0|7.5|3", "+U a|2.0|2.5|4.5|2"));
}

TEST(GroupAggregate, GroupAggregate_CountsOnlyRowsThatPassTheFilter) {
  AggregateCall filtered = count_rows();
  filtered.filter = 2;
  AggregateCall filtered_sum = call("sum", 1, "numeric");
  filtered_sum.filter = 2;
  OperatorHarness harness = harness_of(settings_of({count_rows(), filtered, filtered_sum}, true));
  harness.rows("a | 1 | true\n a | 2 | false\n a | 4 | NULL\n a | NULL | true").barrier();
  harness.rows("-D a | 1 | true").barrier();
  EXPECT_THAT(harness.run().folded, ElementsAre("a|3|1|NULL"));
}

TEST(GroupAggregate, GroupAggregate_NullIsOneGroup) {
  OperatorHarness harness = harness_of(settings_of({count_rows()}, false));
  harness.rows("NULL | 1 | true\n NULL | 2 | true\n  | 3 | true");
  EXPECT_THAT(harness.run().folded, ElementsAre("NULL|2", "|1"));
}

TEST(GroupAggregate, GroupAggregate_WithoutKeysKeepsItsOneGroup) {
  GroupAggregateSettings settings = settings_of({count_rows(), call("sum", 1, "numeric")}, true);
  settings.keys.clear();
  settings.output = test::schema_of("rows bigint, total numeric");
  OperatorHarness harness = harness_of(settings);
  harness.barrier().rows("a | 1 | true").barrier().rows("-D a | 1 | true").barrier();
  EXPECT_THAT(harness.run().changes,
              ElementsAre("+I 0|NULL", "-U 0|NULL", "+U 1|1", "-U 1|1", "+U 0|NULL"));
}

TEST(GroupAggregate, GroupAggregate_DropsRowsTakenBackFromUnknownGroup) {
  OperatorHarness harness = harness_of(settings_of({count_rows()}, true));
  harness.rows("-D a | 1 | true").barrier().rows("a | 1 | true").barrier();
  const test::HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I a|1"));
  EXPECT_EQ(result.counters.at("dropped unmatched"), 1);
}

TEST(GroupAggregate, GroupAggregate_EmitsAtMostOncePerInterval) {
  GroupAggregateSettings settings = settings_of({count_rows()}, false);
  settings.emit_every_us = 10 * second_us;
  OperatorHarness harness = harness_of(settings);
  harness.rows("a | 1 | true").barrier("00:00:01").rows("a | 1 | true").barrier("00:00:05");
  harness.rows("a | 1 | true").barrier("00:00:10").rows("a | 1 | true").barrier("00:00:11");
  const test::HarnessResult result = harness.run_once();
  EXPECT_THAT(result.changes, ElementsAre("+I a|1", "-U a|1", "+U a|3"));
}

TEST(GroupAggregate, GroupAggregate_EmitsWhatIsPendingAtFinalBarrier) {
  GroupAggregateSettings settings = settings_of({count_rows()}, false);
  settings.emit_every_us = 10 * second_us;
  OperatorHarness harness = harness_of(settings);
  harness.rows("a | 1 | true").barrier("00:00:01").rows("a | 1 | true").barrier("00:00:02", true);
  EXPECT_THAT(harness.run().folded, ElementsAre("a|2"));
}

TEST(GroupAggregate, GroupAggregate_StartsAfreshWhenGroupIsOlderThanTtl) {
  GroupAggregateSettings settings = settings_of({count_rows()}, true);
  settings.ttl_us = 60 * second_us;
  OperatorHarness harness = harness_of(settings);
  harness.rows("a | 1 | true | @row_time=00:00").barrier();
  harness.rows("a | 1 | true | @row_time=00:01").barrier();
  harness.rows("a | 1 | true | @row_time=00:02:00.000001").barrier();
  harness.rows("-D a | 1 | true | @row_time=00:09").barrier();
  const test::HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I a|1", "-U a|1", "+U a|2", "-U a|2", "+U a|1"));
  EXPECT_EQ(result.counters.at("dropped unmatched"), 1);
}

TEST(GroupAggregate, GroupAggregate_WatermarkFreesDeadGroups) {
  GroupAggregateSettings settings = settings_of({count_rows()}, false);
  settings.ttl_us = 60 * second_us;
  OperatorHarness harness = harness_of(settings);
  harness.rows("a | 1 | true | @row_time=00:00\n b | 1 | true | @row_time=00:05").barrier();
  harness.watermark("00:01").barrier().watermark("00:04");
  const test::HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I a|1", "+I b|1"));
  EXPECT_EQ(result.counters.at("held"), 1);
  EXPECT_EQ(result.counters.at("dropped folded"), 1);
}

TEST(GroupAggregate, GroupAggregate_SendsResultThatOverflowsToTheDeadLetters) {
  GroupAggregateSettings settings = settings_of({call("sum", 1, "numeric")}, true);
  OperatorHarness harness = harness_of(settings);
  harness.rows("a | 9e37 | true\n b | 1 | true").barrier().rows("a | 9e37 | true").barrier();
  harness.rows("-D a | 9e37 | true").barrier();
  const test::HarnessResult result = harness.run_once();
  const std::string large = "9" + std::string(37, '0');
  EXPECT_THAT(result.changes,
              ElementsAre("+I a|" + large, "+I b|1", "-D a|" + large, "+I a|" + large));
  EXPECT_THAT(result.dead_letters, ElementsAre(R"(E3102 totals: {"status":"a","c1":null})"));
}

TEST(GroupAggregate, GroupAggregate_PastTheBudgetIsAnError) {
  OperatorHarness harness = harness_of(settings_of({count_rows()}, false));
  const test::HarnessResult result = harness.budget(10).rows("a | 1 | true").run_once();
  ASSERT_TRUE(result.error.has_value());
  EXPECT_EQ(result.error->code, ErrorCode::budget_exceeded);
}

// A group that is gone is noted, with its key, until a snapshot has removed it.
TEST(GroupAggregate, GroupAggregate_ChargesWhatItNotesForTheNextSnapshot) {
  const GroupAggregateSettings settings = settings_of({count_rows()}, true);
  const auto description = make_group_aggregate(settings);
  VirtualClock clock(0);
  test::OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(),
                                  KeyGroupRange{});
  ASSERT_TRUE(instance.open().has_value());
  constexpr size_t groups = 10;
  constexpr size_t key_bytes = 10'000;
  std::string added;
  std::string taken;
  for (size_t i = 0; i < groups; ++i) {
    const std::string row = std::string(key_bytes, static_cast<char>('a' + i)) + " | 1 | true\n";
    added += "+I " + row;
    taken += "-D " + row;
  }
  test::SavedState saved;
  ASSERT_TRUE(instance.process(0, test::read_rows(settings.input, added)));
  ASSERT_TRUE(instance.arrive({Epoch(1), 0, false}));
  ASSERT_TRUE(instance.snapshot(SnapshotKind::full, saved));
  ASSERT_TRUE(instance.process(0, test::read_rows(settings.input, taken)));
  ASSERT_TRUE(instance.arrive({Epoch(2), 0, false}));
  const uint64_t before = instance.memory_bytes();
  ASSERT_TRUE(instance.snapshot(SnapshotKind::delta, saved));
  EXPECT_TRUE(saved.entries().empty());
  EXPECT_GE(before, instance.memory_bytes() + groups * key_bytes);
}

TEST(GroupAggregate, GroupAggregate_RefusesMalformedState) {
  const GroupAggregateSettings settings = settings_of({count_rows()}, false);
  const auto description = make_group_aggregate(settings);
  VirtualClock clock(0);
  test::OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(),
                                  KeyGroupRange{});
  ASSERT_TRUE(instance.open().has_value());
  for (const char* value : {"", "\1", "\0\377\377"}) {
    EXPECT_EQ(instance.restore_entry({0, KeyGroup(0), "a", value}).error().code,
              ErrorCode::state_corrupt);
  }
}

}  // namespace
}  // namespace sluice
