// Cases of the interval join: cases/interval_join.
#include "operators/interval_join.hpp"

#include <gtest/gtest.h>

#include "expr/function_registry.hpp"
#include "support/golden_cases.hpp"
#include "support/test_rows.hpp"
#include "unit/operators/join_residual.hpp"
#include "unit/operators/operator_script.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

constexpr const char* side_schema = "k text, ts timestamptz, v int";

IntervalJoinSide side_of(const OperatorScript& script, const std::string& name) {
  IntervalJoinSide side;
  side.schema = schema_of(side_schema);
  side.keys = {0};
  side.time_column = 1;
  side.lag_us = script.duration(name + "_lag");
  side.late.accept_us = script.duration("accept");
  side.late.refuses = script.setting("late") != "accepted_upstream";
  if (script.setting("late") == "drop") side.late.action = RowPolicy::drop;
  if (script.setting("late") == "fail") side.late.action = RowPolicy::fail;
  return side;
}

IntervalJoinSettings settings_of(const OperatorScript& script, const FunctionRegistry& functions) {
  IntervalJoinSettings settings;
  settings.policy.step = "pairs";
  settings.left = side_of(script, "left");
  settings.right = side_of(script, "right");
  settings.output = schema_of("k text, ts timestamptz, v int, r_k text, r_ts timestamptz, r_v int");
  settings.left_outer = script.has("left_outer");
  settings.lower_us = script.duration("lower");
  settings.upper_us = script.duration("upper");
  settings.residual = residual_of(script, functions);
  return settings;
}

TEST(IntervalJoin, IntervalJoin_GivesWhatTheCasesSay) {
  FunctionRegistry functions;
  register_builtin_functions(functions);
  check_golden_folder("tests/unit/operators/cases/interval_join", [&](const std::string& text) {
    const OperatorScript script(text);
    const IntervalJoinSettings settings = settings_of(script, functions);
    const HarnessPort port{schema_of(side_schema), {0}};
    OperatorHarness harness(make_interval_join(settings), {port, port});
    return script.run(harness, {"left", "right"});
  });
}

TEST(IntervalJoin, IntervalJoin_RefusesMalformedState) {
  const FunctionRegistry functions;
  const auto description = make_interval_join(settings_of(OperatorScript(""), functions));
  VirtualClock clock(0);
  OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(), {});
  ASSERT_TRUE(instance.open().has_value());
  const std::string key(8, 'k');
  const std::string value(17, '\0');
  for (const StateEntry& entry :
       {StateEntry{0, KeyGroup(0), "short", value}, StateEntry{0, KeyGroup(0), key, "short"},
        StateEntry{2, KeyGroup(0), key, value}}) {
    EXPECT_EQ(instance.restore_entry(entry).error().code, ErrorCode::state_corrupt);
  }
}

// What is freed is noted until a snapshot has removed it.
TEST(IntervalJoin, IntervalJoin_ChargesWhatItNotesForTheNextSnapshot) {
  const FunctionRegistry functions;
  const auto description =
      make_interval_join(settings_of(OperatorScript("set lower -1m\nset upper 1m"), functions));
  VirtualClock clock(0);
  OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(), {});
  ASSERT_TRUE(instance.open().has_value());
  SavedState saved;
  ASSERT_TRUE(
      instance.process(0, read_rows(schema_of(side_schema), "a | 00:10 | 1\n b | 00:10 | 2")));
  ASSERT_TRUE(instance.snapshot(SnapshotKind::full, saved));
  ASSERT_TRUE(instance.advance(Watermark::final()));
  EXPECT_GT(instance.memory_bytes(), 0u);
  ASSERT_TRUE(instance.snapshot(SnapshotKind::delta, saved));
  EXPECT_EQ(saved.entries().size(), key_group_count);  // how far it came, and no rows
  EXPECT_EQ(instance.memory_bytes(), 0u);
}

// A few rows may have very many partners.
TEST(IntervalJoin, IntervalJoin_SendsVeryManyPartnersInParts) {
  const FunctionRegistry functions;
  const auto description =
      make_interval_join(settings_of(OperatorScript("set lower -1m\nset upper 1m"), functions));
  VirtualClock clock(0);
  constexpr size_t row_count = 300;
  std::string rows;
  for (size_t i = 0; i < row_count; ++i) rows += "a | 00:10 | 1\n";
  const RecordBatch batch = read_rows(schema_of(side_schema), rows);
  const auto join = [&](uint64_t budget_bytes, size_t& sent) {
    OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(), {},
                              budget_bytes);
    EXPECT_TRUE(instance.open().has_value());
    EXPECT_TRUE(instance.process(1, batch));
    const Status joined = instance.process(0, batch);
    sent = instance.changes.size();
    return joined;
  };
  size_t sent = 0;
  const Status joined = join(1'000'000, sent);
  EXPECT_TRUE(joined.has_value()) << joined.error().to_string();
  EXPECT_EQ(sent, row_count * row_count);
  const Status refused = join(100'000, sent);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::budget_exceeded);
  EXPECT_EQ(refused.error().message.find("output of the interval join of step pairs"), 0u);
}

// When all sources fall quiet, everything may leave at once.
TEST(IntervalJoin, IntervalJoin_SendsUnmatchedRowsInTheRoomThatTheyLeave) {
  const FunctionRegistry functions;
  const auto description = make_interval_join(
      settings_of(OperatorScript("set lower -1m\nset upper 1m\nset left_outer yes"), functions));
  VirtualClock clock(0);
  constexpr size_t row_count = 20'000;
  std::string rows;
  for (size_t i = 0; i < row_count; ++i) rows += "a" + std::to_string(i) + " | 00:10 | 1\n";
  const RecordBatch batch = read_rows(schema_of(side_schema), rows);
  const auto open = [&](uint64_t budget_bytes) {
    auto instance = std::make_unique<OperatorInstance>(
        *description, Environment{&clock, nullptr, nullptr, nullptr}, TimeZone(), KeyGroupRange{},
        budget_bytes);
    EXPECT_TRUE(instance->open().has_value());
    return instance;
  };
  const auto roomy = open(OperatorInstance::default_budget_bytes);
  ASSERT_TRUE(roomy->process(0, batch));
  const auto tight = open(roomy->memory_bytes() + 300'000);
  ASSERT_TRUE(tight->process(0, batch));
  const Status sent = tight->advance(Watermark::final());
  EXPECT_TRUE(sent.has_value()) << sent.error().to_string();
  EXPECT_EQ(tight->changes.size(), row_count);
}

}  // namespace
}  // namespace sluice
