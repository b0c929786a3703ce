// The operators without state, driven by the harness.
#include <gmock/gmock.h>

#include "expr/function_registry.hpp"
#include "operators/check.hpp"
#include "operators/filter.hpp"
#include "operators/project.hpp"
#include "operators/union_all.hpp"
#include "support/operator_harness.hpp"
#include "support/test_rows.hpp"

namespace sluice {
namespace {

using test::OperatorHarness;
using testing::ElementsAre;

TEST(Filter, Filter_DropsFalseAndNull) {
  const SchemaPtr schema = test::schema_of("id text, kept boolean");
  OperatorHarness harness(
      make_filter(schema, column_reference(1, Type{TypeKind::boolean}), {"step"}), {{schema, {}}});
  harness.rows(R"(a | true
                  b | false
                  c | NULL
                  +U d | true)");
  const test::HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I a|true", "+U d|true"));
  EXPECT_EQ(result.counters.at("dropped filtered"), 2);
}

const FunctionRegistry& functions() {
  static const FunctionRegistry registry = [] {
    FunctionRegistry made;
    register_builtin_functions(made);
    return made;
  }();
  return registry;
}

ExpressionPtr infix(const std::string& name, const ExpressionPtr& left,
                    const ExpressionPtr& right) {
  return functions().resolve(FunctionForm::infix, name, {left, right}, {false, false}, 7).value();
}

// id text, v int, w int
SchemaPtr numbers() { return test::schema_of("id text, v int, w int"); }
ExpressionPtr column(size_t index) { return column_reference(index, Type{TypeKind::integer}); }
ExpressionPtr quotient() { return infix("/", column(1), column(2)); }

constexpr const char* number_rows = R"(a | 6 | 2
                                       b | 6 | 0
                                       c | 6 | NULL
                                       -U c | 6 | NULL
                                       +U c | 6 | 3 | @seen=00:05)";

TEST(Filter, Filter_SendsRowsItCannotJudgeToTheDeadLetters) {
  OperatorHarness harness(make_filter(numbers(), infix("<", column(2), quotient()), {"step"}),
                          {{numbers(), {}}});
  const test::HarnessResult result = harness.rows(number_rows).run();
  EXPECT_THAT(result.changes, ElementsAre("+I a|6|2"));
  EXPECT_THAT(result.dead_letters, ElementsAre(R"(E3101 step: {"id":"b","v":6,"w":0})"));
  EXPECT_EQ(result.counters.at("dropped filtered"), 3);
  EXPECT_EQ(result.counters.at("dead"), 1);
}

TEST(Project, Project_ComputesColumnsAndKeepsKindAndLateness) {
  const SchemaPtr schema = test::schema_of("id text, q int");
  OperatorHarness harness(
      make_project({schema, {column_reference(0, Type{TypeKind::text}), quotient()}, {"step"}}),
      {{numbers(), {}}});
  const test::HarnessResult result = harness.rows(number_rows).run();
  EXPECT_THAT(result.changes, ElementsAre("+I a|3", "+I c|NULL", "-U c|NULL", "+U c|2"));
  EXPECT_THAT(result.dead_letters, ElementsAre(R"(E3101 step: {"id":"b","v":6,"w":0})"));
  EXPECT_EQ(result.batches.back().seen(result.batches.back().rows() - 1), test::time_us("00:05"));
}

// A filter before it may have let only the old row of a key pass.
TEST(Project, Project_ByKeyLetsTheOldRowGo) {
  OperatorHarness harness(make_project({.schema = test::schema_of("id text"),
                                        .expressions = {column_reference(0, Type{TypeKind::text})},
                                        .policy = {"step"},
                                        .sends_upserts = true}),
                          {{numbers(), {}}});
  const test::HarnessResult result = harness.rows(number_rows).run();
  EXPECT_THAT(result.changes, ElementsAre("+I a", "+I b", "+I c", "-D c", "+U c"));
}

// What the key had before is true no more, and nobody takes it back.
TEST(Project, Project_ByKeyDeletesWhatARowThatFailsHad) {
  const SchemaPtr schema = test::schema_of("id text, q int");
  OperatorHarness harness(
      make_project({.schema = schema,
                    .expressions = {column_reference(0, Type{TypeKind::text}), quotient()},
                    .policy = {"step"},
                    .sends_upserts = true}),
      {{numbers(), {}}});
  harness.fold_by({0});
  const test::HarnessResult result =
      harness.rows("+I a | 6 | 2\n+U a | 6 | 0\n+I b | 6 | 1\n-D b | 6 | 0\n+I c | 6 | 3").run();
  EXPECT_THAT(result.changes, ElementsAre("+I a|3", "-D a|NULL", "+I b|6", "-D b|NULL", "+I c|2"));
  EXPECT_THAT(result.dead_letters, ElementsAre(R"(E3101 step: {"id":"a","v":6,"w":0})"));
}

TEST(Project, Project_SaysOnceThatARowFails) {
  OperatorHarness harness(make_project({test::schema_of("q int"), {quotient()}, {"step"}}),
                          {{numbers(), {}}});
  const test::HarnessResult result = harness.rows("+I a | 6 | 0\n-U a | 6 | 0\n+U a | 6 | 1").run();
  EXPECT_THAT(result.changes, ElementsAre("+U 6"));
  EXPECT_THAT(result.dead_letters, ElementsAre(R"(E3101 step: {"id":"a","v":6,"w":0})"));
  EXPECT_EQ(result.counters.at("dropped expression_error"), 1);
}

TEST(Project, Project_DropsOrFailsWhenAsked) {
  const SchemaPtr schema = test::schema_of("q int");
  OperatorHarness dropping(make_project({schema, {quotient()}, {"step", RowPolicy::drop}}),
                           {{numbers(), {}}});
  const test::HarnessResult dropped = dropping.rows(number_rows).run();
  EXPECT_EQ(dropped.counters.at("dropped expression_error"), 1);
  EXPECT_THAT(dropped.dead_letters, testing::IsEmpty());
  OperatorHarness failing(make_project({schema, {quotient()}, {"step", RowPolicy::fail}}),
                          {{numbers(), {}}});
  const test::HarnessResult failed = failing.rows(number_rows).run_once();
  ASSERT_TRUE(failed.error.has_value());
  EXPECT_EQ(failed.error->to_string(),
            R"(E3101 step step: division by zero; the row: {"id":"b","v":6,"w":0})");
}

TEST(Check, Check_SendsRowsWhereTheirRuleSays) {
  const std::vector<CheckRule> rules = {
      {"w is small", infix("<", column(2), column(1)), RowPolicy::drop},
      {"v is w", infix("=", column(1), column(2)), RowPolicy::dead_letter}};
  OperatorHarness harness(make_check(numbers(), rules, {"step"}), {{numbers(), {}}});
  harness.rows(R"(a | 6 | 7
                  b | 6 | 5
                  c | 6 | NULL
                  -U d | 6 | 5
                  +U d | 6 | NULL)");
  const test::HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I c|6|NULL", "+U d|6|NULL"));
  EXPECT_THAT(result.dead_letters, ElementsAre(R"(E3201 step: {"id":"b","v":6,"w":5})"));
  EXPECT_EQ(result.counters.at("dropped check_failed"), 2);
}

TEST(Check, Check_FailsThePipelineWhenItsRuleSays) {
  OperatorHarness harness(
      make_check(numbers(), {{"v is w", infix("=", column(1), column(2)), RowPolicy::fail}},
                 {"step"}),
      {{numbers(), {}}});
  const test::HarnessResult result = harness.rows("a | 6 | 5").run_once();
  ASSERT_TRUE(result.error.has_value());
  EXPECT_EQ(result.error->code, ErrorCode::check_failed);
  EXPECT_THAT(result.error->message, testing::HasSubstr("v is w"));
}

TEST(Check, Check_RuleThatCannotBeJudgedIsADeadLetter) {
  OperatorHarness harness(
      make_check(numbers(), {{"ratio", infix("<", column(2), quotient()), RowPolicy::drop}},
                 {"step"}),
      {{numbers(), {}}});
  const test::HarnessResult result = harness.rows("a | 6 | 2\n b | 6 | 0").run();
  EXPECT_THAT(result.changes, ElementsAre("+I a|6|2"));
  EXPECT_THAT(result.dead_letters, ElementsAre(R"(E3101 step: {"id":"b","v":6,"w":0})"));
}

TEST(UnionAll, UnionAll_PassesRowsOfAllInputs) {
  const SchemaPtr schema = test::schema_of("id text");
  OperatorHarness harness(make_union_all(schema), {{schema, {}}, {schema, {}}});
  harness.rows("a", 0).rows("b", 1).barrier().rows("a", 1);
  EXPECT_THAT(harness.run().changes, ElementsAre("+I a", "+I b", "+I a"));
}

}  // namespace
}  // namespace sluice
