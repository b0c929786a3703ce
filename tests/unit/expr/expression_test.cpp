#include "expr/expression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/expr/expression_builder.hpp"

namespace sluice::test {

namespace {

using testing::ElementsAre;
using enum FunctionForm;

const Type integer{TypeKind::integer};
const Type boolean{TypeKind::boolean};

ExpressionPtr column(size_t index) { return column_reference(index, integer); }
ExpressionPtr one() { return literal_of("integer", "1"); }
ExpressionPtr sum(ExpressionPtr left, ExpressionPtr right) {
  return call(infix, "+", {std::move(left), std::move(right)});
}
// CASE WHEN $1 = 1 THEN $2 + 1 ELSE coalesce($1, 1) END
ExpressionPtr sample() {
  const auto otherwise = std::make_shared<Expression>(integer, Coalesce{{column(1), one()}});
  return std::make_shared<Expression>(
      integer, Case{{{call(infix, "=", {column(1), one()}), sum(column(2), one())}}, otherwise});
}
const std::vector<std::string> names = {"a", "b", "c"};

}  // namespace

TEST(Expression, ColumnsOf_AreEachOnceAndAscending) {
  EXPECT_THAT(columns_of(*sample()), ElementsAre(1, 2));
}

TEST(Expression, RemapColumns_ReachesEveryBranch) {
  EXPECT_EQ(to_string(*remap_columns(sample(), {9, 2, 0}), names),
            "CASE WHEN (c = 1) THEN (a + 1) ELSE coalesce(c, 1) END");
}

TEST(Expression, SubstituteColumns_ComposesProjections) {
  const auto composed =
      substitute_columns(sum(column(0), column(1)), {sum(column(2), one()), one()});
  EXPECT_EQ(to_string(*composed, names), "((c + 1) + 1)");
}

TEST(Expression, RewriteWithoutColumns_SharesTheOriginal) {
  const auto constant = sum(one(), one());
  EXPECT_EQ(remap_columns(constant, {}), constant);
}

TEST(Expression, Equal_ComparesStructureNotPositions) {
  EXPECT_TRUE(equal(*sample(), *sample()));
  EXPECT_TRUE(equal(*column_reference(1, integer, 5), *column_reference(1, integer, 9)));
  EXPECT_FALSE(equal(*column(1), *column(2)));
  EXPECT_FALSE(equal(*sum(column(1), one()), *call(infix, "-", {column(1), one()})));
  EXPECT_FALSE(equal(*literal_of("integer", "1"), *literal_of("bigint", "1")));
}

TEST(Expression, ToString_IsUnambiguous) {
  const auto test = call(prefix, "is null", {column(0)});
  const auto in = call(infix, "in", {column(0), one(), literal_of("integer", std::nullopt)});
  const auto both =
      std::make_shared<Expression>(boolean, Conjunction{Conjunction::Kind::any, {test, in}});
  EXPECT_EQ(to_string(*both, names), "((a is null) OR (a in (1, NULL::integer)))");
  const auto cast = builtin_functions().cast(column(1), Type{TypeKind::numeric, 10, 2}, true, 0);
  EXPECT_EQ(to_string(**cast, names), "b::numeric::numeric(10,2)");
  EXPECT_EQ(to_string(*literal_of("text", "it's"), names), "'it''s'");
  EXPECT_EQ(to_string(*literal_of("numeric", "1.50"), names), "'1.50'::numeric");
}

}  // namespace sluice::test
