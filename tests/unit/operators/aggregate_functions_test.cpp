// What the engine does for an aggregate function by its descriptor alone: functions of the test's
// own, which no other place knows.
#include <gmock/gmock.h>

#include "expr/aggregates/folding.hpp"
#include "operators/group_aggregate.hpp"
#include "support/operator_harness.hpp"
#include "unit/operators/session_settings.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests
using testing::ElementsAre;

// A product cannot take back a factor of 0.
struct Product {
  using Value = int32_t;
  static constexpr bool has_heap = false;

  void add(int32_t value) { product *= value; }
  void merge(const Product& other) { product *= other.product; }
  Status finish(AccumulatorMode, ColumnBuilder& out) const {
    out.append<int64_t>(product);
    return {};
  }
  void save(std::string& out) const { append_value(product, out); }
  void load(StateBytesReader& bytes) { product = bytes.take<int64_t>(); }

  int64_t product = 1;
};

// "c3 b1 b1": the rows as they are given.
Status list_rows(const OrderedRows& rows, ColumnBuilder& out) {
  std::string text;
  for (const uint32_t row : rows.rows) {
    const Column& second = *rows.arguments[1];
    text += (text.empty() ? "" : " ") +
            std::string(rows.arguments[0]->values<std::string_view>()[row]) +
            (second.is_null(row) ? "-" : std::to_string(second.values<int32_t>()[row]));
  }
  out.append_copy(text);
  return {};
}

const AggregateRegistry& own_functions() {
  static const AggregateRegistry registry = [] {
    AggregateRegistry made;
    made.add({.name = "product",
              .arguments = {Type{TypeKind::integer}},
              .result = Type{TypeKind::bigint},
              .accumulate = fold<Product>});
    made.add({.name = "listing",
              .arguments = {Type{TypeKind::text}, Type{TypeKind::integer}},
              .result = Type{TypeKind::text},
              .fold_rows = list_rows});
    return made;
  }();
  return registry;
}

AggregateCall product(size_t column) {
  return {.function = *own_functions().resolve("product", {Type{TypeKind::integer}}),
          .arguments = {column}};
}

// Of k and v, in some order.
AggregateCall listing(std::vector<SortBy<size_t>> order) {
  return {.function =
              *own_functions().resolve("listing", {Type{TypeKind::text}, Type{TypeKind::integer}}),
          .arguments = {1, 2},
          .order = std::move(order)};
}

// g int, k text, v int, w numeric -> g, the call
GroupAggregateSettings settings_of(const AggregateCall& call, bool retracts) {
  GroupAggregateSettings settings;
  settings.policy.step = "totals";
  settings.input = schema_of("g int, k text, v int, w numeric");
  settings.output = std::make_shared<Schema>(
      std::vector<Field>{{"g", Type{TypeKind::integer}}, {"result", call.function->result}});
  settings.keys = {0};
  settings.calls = {call};
  settings.input_retracts = retracts;
  return settings;
}

OperatorHarness grouped(const AggregateCall& call, bool retracts) {
  const GroupAggregateSettings settings = settings_of(call, retracts);
  return OperatorHarness(make_group_aggregate(settings), {{settings.input, {0}}});
}

TEST(AggregateFunctions, StateThatCannotTakeBack_IsThatOfTheRowsThatAreLeft) {
  OperatorHarness harness = grouped(product(2), true);
  harness.rows("1 | a | 3 | 1\n 1 | a | 0 | 1\n 1 | a | 3 | 1\n 1 | a | NULL | 1").barrier();
  harness.rows("-D 1 | a | 0 | 1").barrier();
  harness.rows("-U 1 | a | 3 | 1\n +U 1 | a | 5 | 1").barrier();
  EXPECT_THAT(harness.run().changes,
              ElementsAre("+I 1|0", "-U 1|0", "+U 1|9", "-U 1|9", "+U 1|15"));
}

TEST(AggregateFunctions, StateThatCannotTakeBack_LeavesWindowsWithItsSlice) {
  const WindowAggregateSettings settings =
      windowed(hop(minute_us, 2 * minute_us), {product(2), distinct(product(2))});
  OperatorHarness harness(make_window_aggregate(settings), {{settings.input, {1}}});
  harness.rows("00:00:10 | a | 0\n 00:01:10 | a | 3\n 00:01:20 | a | 3\n 00:02:10 | a | 2");
  harness.watermark("final");
  EXPECT_THAT(harness.run().folded,
              ElementsAre("00:00:00|00:02:00|a|0|0", "00:01:00|00:03:00|a|18|6",
                          "00:02:00|00:04:00|a|2|2", "2023-12-31 23:59:00|00:01:00|a|0|0"));
}

TEST(AggregateFunctions, RowsThatAreNeeded_AreSortedByTheirOrderAndThenTheArguments) {
  OperatorHarness harness = grouped(listing({{3, true, true}}), false);
  harness.rows(R"(1 | a | 1 | 2
                  1 | b | 9 | 3
                  1 | d | NULL | 2.0
                  1 | d | 4 | 2.00
                  1 | NULL | 1 | 7
                  1 | z | 0 | NULL
                  1 | b | 9 | 3)");
  EXPECT_THAT(harness.run().folded, ElementsAre("1|z0 b9 b9 a1 d4 d-"));
}

TEST(AggregateFunctions, RowsThatAreNeeded_CountOnceWithDistinct) {
  OperatorHarness harness = grouped(distinct(listing({{2, true, false}})), true);
  harness.rows("1 | a | 1 | 1\n 1 | a | 1 | 2\n 1 | b | 2 | 1\n 1 | c | NULL | 1").barrier();
  harness.rows("-D 1 | a | 1 | 1").barrier().rows("-D 1 | a | 1 | 2").barrier();
  EXPECT_THAT(harness.run().changes, ElementsAre("+I 1|b2 a1 c-", "-U 1|b2 a1 c-", "+U 1|b2 c-"));
}

TEST(AggregateFunctions, RowsThatAreNeeded_AreNoneInAGroupOfNulls) {
  OperatorHarness harness = grouped(listing({}), true);
  harness.rows("1 | NULL | 1 | 1\n 2 | a | 1 | 1\n 2 | NULL | 1 | 1").barrier();
  harness.rows("-D 2 | a | 1 | 1").barrier();
  EXPECT_THAT(harness.run().changes, ElementsAre("+I 1|", "+I 2|a1", "-U 2|a1", "+U 2|"));
}

TEST(AggregateFunctions, RowsThatAreNeeded_LeaveWindowsWithTheirSlice) {
  const WindowAggregateSettings settings =
      windowed(hop(minute_us, 2 * minute_us), {listing({{2, false, false}})});
  OperatorHarness harness(make_window_aggregate(settings), {{settings.input, {1}}});
  harness.rows("00:00:10 | a | 5\n 00:01:10 | a | 3\n 00:01:20 | a | 3\n 00:02:10 | a | 4");
  harness.watermark("final");
  EXPECT_THAT(harness.run().folded,
              ElementsAre("00:00:00|00:02:00|a|a3 a3 a5", "00:01:00|00:03:00|a|a3 a3 a4",
                          "00:02:00|00:04:00|a|a4", "2023-12-31 23:59:00|00:01:00|a|a5"));
}

TEST(AggregateFunctions, StatesAndRows_MergeWithTheirSessions) {
  const WindowAggregateSettings settings =
      sessions(minute_us, {product(2), distinct(product(2)), listing({{2, true, false}})});
  OperatorHarness harness(make_window_aggregate(settings), {{settings.input, {1}}});
  harness.rows("00:00:30 | a | 2\n 00:01:40 | a | 3\n 00:01:10 | a | 3").watermark("final");
  EXPECT_THAT(harness.run().folded, ElementsAre("00:00:30|00:02:40|a|18|6|a3 a3 a2"));
}

TEST(AggregateFunctions, RowsThatAreNeeded_CountInTheBudget) {
  constexpr uint64_t budget_bytes = 25'000;
  const std::string text(10'000, 'x');
  const std::string row = "1 | " + text + " | 1 | 1\n";
  const HarnessResult one = grouped(listing({}), false).budget(budget_bytes).rows(row).run_once();
  EXPECT_FALSE(one.error.has_value());
  const std::string others = "1 | y" + text + " | 1 | 1\n1 | z" + text + " | 1 | 1\n";
  const HarnessResult all =
      grouped(listing({}), false).budget(budget_bytes).rows(row + others).run_once();
  ASSERT_TRUE(all.error.has_value());
  EXPECT_EQ(all.error->code, ErrorCode::budget_exceeded);
}

TEST(AggregateFunctions, RowsThatAreNeeded_AreRefusedWhenTheyAreMalformed) {
  const auto description = make_group_aggregate(settings_of(listing({}), false));
  VirtualClock clock(0);
  OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(),
                            KeyGroupRange{});
  ASSERT_TRUE(instance.open().has_value());
  // Of key "a" and call 0: no text, a text that is no row, no row of two columns.
  const std::string count(8, '\1');
  for (const char* element : {"", "\2a", "\1\1"}) {
    const std::string key = std::string("\1a", 2) + std::string(1, '\0') + element;
    EXPECT_EQ(instance.restore_entry({1, KeyGroup(0), key, count}).error().code,
              ErrorCode::state_corrupt);
  }
}

TEST(AggregateFunctions, RowsThatAreNeeded_AreNotFoldedBeforeAnExchange) {
  EXPECT_FALSE(listing({}).merges());
  EXPECT_FALSE(distinct(product(2)).merges());
  EXPECT_TRUE(product(2).merges());
}

}  // namespace
}  // namespace sluice
