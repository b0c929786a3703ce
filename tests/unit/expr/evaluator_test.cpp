#include "expr/evaluator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/expr/expression_builder.hpp"

namespace sluice::test {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum FunctionForm;

const Type integer{TypeKind::integer};
const Type boolean{TypeKind::boolean};

ColumnPtr integers(const std::vector<std::optional<std::string>>& texts) {
  return column_of(integer, texts);
}
ExpressionPtr integer_column(size_t index) { return column_reference(index, integer); }
ExpressionPtr number(const char* text) { return literal_of("integer", text); }

ExpressionPtr conjunction(Conjunction::Kind kind, std::vector<ExpressionPtr> operands) {
  return std::make_shared<Expression>(boolean, Conjunction{kind, std::move(operands)});
}
// 100 / column 0: fails where the column is 0.
ExpressionPtr hundred_by_column() { return call(infix, "/", {number("100"), integer_column(0)}); }
ExpressionPtr column_is_zero() { return call(infix, "=", {integer_column(0), number("0")}); }

struct Outcome {
  std::vector<std::string> values;
  std::vector<uint32_t> failed_rows;
  std::vector<ErrorCode> codes;
};

Outcome run(const ExpressionPtr& expression, const RecordBatch& batch) {
  std::vector<RowError> errors;
  const ColumnPtr result = evaluate(*expression, batch, {&test_zone(), 0}, errors);
  Outcome outcome{texts_of(*result), {}, {}};
  for (const RowError& error : errors) {
    outcome.failed_rows.push_back(error.row);
    outcome.codes.push_back(error.error.code);
  }
  return outcome;
}

}  // namespace

TEST(Evaluator, ColumnReference_IsSharedNotCopied) {
  const RecordBatch batch = batch_of({integers({"1", "2"})});
  std::vector<RowError> errors;
  EXPECT_EQ(evaluate(*integer_column(0), batch, {&test_zone(), 0}, errors), batch.columns()[0]);
}

TEST(Evaluator, Literal_FillsEveryRow) {
  EXPECT_THAT(run(number("7"), batch_of({integers({"1", "2", "3"})})).values,
              ElementsAre("7", "7", "7"));
}

TEST(Evaluator, FailedRow_IsNullAndListedWithTheCallsPosition) {
  const auto division =
      builtin_functions().resolve(infix, "/", {number("100"), integer_column(0)}, {}, 42);
  std::vector<RowError> errors;
  const RecordBatch batch = batch_of({integers({"5", "0", std::nullopt, "0"})});
  const ColumnPtr result = evaluate(**division, batch, {&test_zone(), 0}, errors);
  EXPECT_THAT(texts_of(*result), ElementsAre("20", "NULL", "NULL", "NULL"));
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].row, 1u);
  EXPECT_EQ(errors[0].error.code, ErrorCode::division_by_zero);
  EXPECT_EQ(errors[0].position, 42u);
  EXPECT_EQ(errors[1].row, 3u);
}

TEST(Evaluator, ConstantThatFails_FailsEveryRow) {
  const auto division = call(infix, "/", {number("1"), number("0")});
  EXPECT_THAT(run(division, batch_of({integers({"1", "2", "3"})})).failed_rows,
              ElementsAre(0, 1, 2));
}

TEST(Evaluator, RowThatFailsTwice_IsListedOnceWithItsFirstError) {
  const auto big = call(infix, "+", {number("2147483647"), integer_column(0)});
  const auto sum = call(infix, "+", {hundred_by_column(), call(infix, "+", {big, number("1")})});
  const Outcome outcome = run(sum, batch_of({integers({"0", "1"})}));
  EXPECT_THAT(outcome.failed_rows, ElementsAre(0, 1));
  EXPECT_THAT(outcome.codes,
              ElementsAre(ErrorCode::division_by_zero, ErrorCode::value_out_of_range));
}

TEST(Evaluator, TwoExpressionsWithOneErrorList_KeepItAscending) {
  const RecordBatch batch = batch_of({integers({"0", "1", "0"}), integers({"1", "0", "0"})});
  const auto second = call(infix, "/", {number("1"), integer_column(1)});
  std::vector<RowError> errors;
  evaluate(*hundred_by_column(), batch, {&test_zone(), 0}, errors);
  evaluate(*second, batch, {&test_zone(), 0}, errors);
  ASSERT_EQ(errors.size(), 3u);
  EXPECT_EQ(errors[1].row, 1u);
}

TEST(Evaluator, And_DoesNotEvaluateWhatRowsDecidedAsFalseWouldFail) {
  const auto guarded =
      conjunction(Conjunction::Kind::all, {call(infix, "<>", {integer_column(0), number("0")}),
                                           call(infix, ">", {hundred_by_column(), number("10")})});
  const Outcome outcome = run(guarded, batch_of({integers({"0", "5", "50", std::nullopt})}));
  EXPECT_THAT(outcome.values, ElementsAre("false", "true", "false", "NULL"));
  EXPECT_THAT(outcome.failed_rows, IsEmpty());
}

TEST(Evaluator, Or_DoesNotEvaluateWhatRowsDecidedAsTrueWouldFail) {
  const auto guarded =
      conjunction(Conjunction::Kind::any,
                  {column_is_zero(), call(infix, ">", {hundred_by_column(), number("10")})});
  const Outcome outcome = run(guarded, batch_of({integers({"0", "5", "50", std::nullopt})}));
  EXPECT_THAT(outcome.values, ElementsAre("true", "true", "false", "NULL"));
  EXPECT_THAT(outcome.failed_rows, IsEmpty());
}

TEST(Evaluator, Conjunctions_FollowThreeValuedLogic) {
  const std::vector<std::optional<std::string>> states = {"true", "false", std::nullopt};
  std::vector<std::optional<std::string>> left;
  std::vector<std::optional<std::string>> right;
  for (const auto& a : states) {
    for (const auto& b : states) {
      left.push_back(a);
      right.push_back(b);
    }
  }
  const RecordBatch batch = batch_of({column_of(boolean, left), column_of(boolean, right)});
  const std::vector<ExpressionPtr> operands = {column_reference(0, boolean),
                                               column_reference(1, boolean)};
  EXPECT_THAT(
      run(conjunction(Conjunction::Kind::all, operands), batch).values,
      ElementsAre("true", "false", "NULL", "false", "false", "false", "NULL", "false", "NULL"));
  EXPECT_THAT(run(conjunction(Conjunction::Kind::any, operands), batch).values,
              ElementsAre("true", "true", "true", "true", "false", "NULL", "true", "NULL", "NULL"));
}

TEST(Evaluator, Case_EvaluatesOnlyTheBranchARowTakes) {
  const auto guarded = std::make_shared<Expression>(
      integer, Case{{{column_is_zero(), number("-1")}}, hundred_by_column()});
  const Outcome outcome = run(guarded, batch_of({integers({"0", "5", "0", std::nullopt})}));
  EXPECT_THAT(outcome.values, ElementsAre("-1", "20", "-1", "NULL"));
  EXPECT_THAT(outcome.failed_rows, IsEmpty());
}

TEST(Evaluator, CaseWithoutElse_IsNullWhereNoBranchIsTaken) {
  const auto only =
      std::make_shared<Expression>(integer, Case{{{column_is_zero(), number("1")}}, nullptr});
  EXPECT_THAT(run(only, batch_of({integers({"0", "5"})})).values, ElementsAre("1", "NULL"));
}

TEST(Evaluator, CaseCondition_ThatFails_FailsItsRowsAlone) {
  const auto condition = call(infix, ">", {hundred_by_column(), number("10")});
  const auto expression =
      std::make_shared<Expression>(integer, Case{{{condition, integer_column(0)}}, number("0")});
  const Outcome outcome = run(expression, batch_of({integers({"0", "5", "50"})}));
  EXPECT_THAT(outcome.values, ElementsAre("NULL", "5", "0"));
  EXPECT_THAT(outcome.failed_rows, ElementsAre(0));
}

TEST(Evaluator, Coalesce_EvaluatesLaterOperandsForNullsAlone) {
  const auto expression = std::make_shared<Expression>(
      integer, Coalesce{{integer_column(1), hundred_by_column(), number("9")}});
  const RecordBatch batch = batch_of({integers({"0", "5", std::nullopt, "0"}),
                                      integers({"1", std::nullopt, std::nullopt, std::nullopt})});
  const Outcome outcome = run(expression, batch);
  EXPECT_THAT(outcome.values, ElementsAre("1", "20", "9", "NULL"));
  EXPECT_THAT(outcome.failed_rows, ElementsAre(3));
}

TEST(Evaluator, NestedLazyBranches_ReportRowsOfTheBatch) {
  const auto inner = std::make_shared<Expression>(
      integer, Case{{{call(infix, ">", {integer_column(1), number("0")}), hundred_by_column()}},
                    number("0")});
  const auto outer = std::make_shared<Expression>(
      integer, Case{{{call(infix, "<", {integer_column(1), number("2")}), inner}}, number("5")});
  const RecordBatch batch =
      batch_of({integers({"0", "0", "0", "4"}), integers({"2", "0", "1", "1"})});
  const Outcome outcome = run(outer, batch);
  EXPECT_THAT(outcome.values, ElementsAre("5", "0", "NULL", "25"));
  EXPECT_THAT(outcome.failed_rows, ElementsAre(2));
}

TEST(Evaluator, TextOfArguments_OutlivesTheBatch) {
  ColumnPtr result;
  {
    const RecordBatch batch =
        batch_of({column_of(Type{TypeKind::jsonb}, {R"({"a": "long enough to allocate"})"})});
    const auto member =
        call(infix, "->>", {column_reference(0, Type{TypeKind::jsonb}), literal_of("text", "a")});
    std::vector<RowError> errors;
    result = evaluate(*member, batch, {&test_zone(), 0}, errors);
  }
  EXPECT_EQ(text_of(*result, 0), "long enough to allocate");
}

TEST(Evaluator, EmptyBatch_GivesEmptyColumn) {
  EXPECT_THAT(run(hundred_by_column(), batch_of({integers({})})).values, IsEmpty());
  EXPECT_THAT(run(number("1"), batch_of({integers({})})).values, IsEmpty());
}

TEST(SelectRows, TrueRows_AscendingWithoutNullsAndFailures) {
  const auto predicate = call(infix, ">", {hundred_by_column(), number("10")});
  std::vector<RowError> errors;
  const RecordBatch batch = batch_of({integers({"5", "0", std::nullopt, "50", "2"})});
  EXPECT_THAT(select_rows(*predicate, batch, {&test_zone(), 0}, errors).value(), ElementsAre(0, 4));
  EXPECT_EQ(errors.size(), 1u);
}

TEST(FoldConstant, Failure_IsTheErrorOfTheEvaluation) {
  const auto folded =
      fold_constant(*call(infix, "/", {number("1"), number("0")}), {&test_zone(), 0});
  ASSERT_FALSE(folded.has_value());
  EXPECT_EQ(folded.error().code, ErrorCode::division_by_zero);
}

}  // namespace sluice::test
