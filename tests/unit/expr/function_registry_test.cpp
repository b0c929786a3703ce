#include "expr/function_registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/expr/expression_builder.hpp"

namespace sluice::test {

namespace {

using testing::HasSubstr;
using enum FunctionForm;
using Types = std::vector<Type>;

const Type integer{TypeKind::integer};
const Type bigint{TypeKind::bigint};
const Type numeric{TypeKind::numeric};
const Type money{TypeKind::numeric, 16, 2};
const Type real{TypeKind::double_precision};
const Type text{TypeKind::text};
const Type date{TypeKind::date};
const Type timestamp{TypeKind::timestamp};
const Type timestamptz{TypeKind::timestamptz};
const Type jsonb{TypeKind::jsonb};
const Type boolean{TypeKind::boolean};
const Type interval{TypeKind::interval};

Result<ExpressionPtr> resolve(FunctionForm form, const char* name, const Types& types) {
  std::vector<ExpressionPtr> arguments;
  for (const Type type : types) arguments.push_back(column_reference(arguments.size(), type));
  return builtin_functions().resolve(form, name, std::move(arguments), {}, 0);
}

}  // namespace

TEST(FunctionRegistry, ImplicitCasts_AreInsertedAroundArguments) {
  const auto sum = resolve(infix, "+", {integer, money});
  ASSERT_TRUE(sum.has_value());
  EXPECT_EQ(to_string(**sum, {"a", "b"}), "(a::numeric + b)");
  EXPECT_EQ((*sum)->type(), numeric);
}

TEST(FunctionRegistry, UntypedLiteral_TakesTheTypeOfTheOtherOperand) {
  const auto compared = builtin_functions().resolve(
      infix, "=", {column_reference(0, date), literal_of("text", "2026-01-31")}, {false, true}, 0);
  ASSERT_TRUE(compared.has_value());
  EXPECT_EQ(to_string(**compared, {"day"}), "(day = '2026-01-31'::date)");
}

TEST(FunctionRegistry, UntypedLiteralOfTimestamptz_IsReadInTheSessionZone) {
  const auto compared = builtin_functions().resolve(
      infix, "=",
      {literal_of("timestamptz", "2026-01-01T00:00:00Z"), literal_of("text", "2026-01-01 08:00")},
      {false, true}, 0);
  ASSERT_TRUE(compared.has_value());
  EXPECT_EQ(fold_constant(**compared, {&test_zone(), 0})->get<uint8_t>(), 1);
}

TEST(FunctionRegistry, UntypedLiteralThatIsNoValue_IsAnErrorAtOnce) {
  const auto compared = builtin_functions().resolve(
      infix, "=", {column_reference(0, integer), literal_of("text", "one")}, {false, true}, 0);
  ASSERT_FALSE(compared.has_value());
  EXPECT_EQ(compared.error().code, ErrorCode::invalid_text);
}

TEST(FunctionRegistry, UnknownFunction_NamesTheClosest) {
  const auto missing = resolve(function, "greatst", {integer});
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::unknown_function);
  EXPECT_THAT(missing.error().advice, HasSubstr("greatest"));
}

TEST(FunctionRegistry, WrongTypes_ListTheOverloads) {
  const auto wrong = resolve(infix, "->", {integer, text});
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, ErrorCode::type_mismatch);
  EXPECT_THAT(wrong.error().message, HasSubstr("integer -> text"));
  EXPECT_THAT(wrong.error().advice, HasSubstr("jsonb -> text, jsonb -> integer"));
}

TEST(FunctionRegistry, WrongArgumentCount_IsATypeMismatch) {
  EXPECT_EQ(resolve(function, "abs", {integer, integer}).error().code, ErrorCode::type_mismatch);
}

TEST(FunctionRegistry, Cast_FollowsItsContext) {
  const FunctionRegistry& functions = builtin_functions();
  const auto column = column_reference(0, numeric);
  EXPECT_TRUE(functions.cast(column, integer, false, 0).has_value());
  EXPECT_EQ(functions.cast(column, numeric, false, 0)->get(), column.get());
  const auto truth = functions.cast(column_reference(0, integer), boolean, false, 0);
  ASSERT_FALSE(truth.has_value());
  EXPECT_THAT(truth.error().advice, HasSubstr("CAST"));
  EXPECT_TRUE(functions.cast(column_reference(0, integer), boolean, true, 0).has_value());
  EXPECT_FALSE(functions.cast(column_reference(0, date), boolean, true, 0).has_value());
}

TEST(FunctionRegistry, CommonType_IsPostgresChoice) {
  const FunctionRegistry& functions = builtin_functions();
  struct {
    Types types;
    std::vector<bool> untyped;
    std::optional<Type> expected;
  } const cases[] = {
      {{integer, bigint}, {false, false}, bigint},
      {{bigint, numeric, integer}, {}, numeric},
      {{numeric, real}, {}, real},
      {{money, money}, {}, money},
      {{money, numeric}, {}, numeric},
      {{date, timestamptz, timestamp}, {}, timestamptz},
      {{text, integer}, {true, false}, integer},
      {{text, text}, {true, true}, text},
      {{text, integer}, {false, false}, std::nullopt},
      {{jsonb, text}, {}, std::nullopt},
  };
  for (const auto& one : cases) {
    const auto common = functions.common_type(one.types, one.untyped);
    ASSERT_EQ(common.has_value(), one.expected.has_value());
    if (common) {
      EXPECT_EQ(type_name(*common), type_name(*one.expected));
    }
  }
}

TEST(FunctionRegistry, Aggregates_HavePostgresTypes) {
  const AggregateRegistry& aggregates = builtin_functions().aggregates();
  struct {
    const char* name;
    Types arguments;
    std::optional<Type> expected;
  } const cases[] = {
      {"count", {}, bigint},
      {"count", {jsonb}, bigint},
      {"sum", {integer}, bigint},
      {"sum", {bigint}, numeric},
      {"sum", {money}, numeric},
      {"sum", {real}, real},
      {"sum", {text}, std::nullopt},
      {"avg", {integer}, numeric},
      {"avg", {real}, real},
      {"avg", {interval}, interval},
      {"min", {text}, text},
      {"max", {timestamptz}, timestamptz},
      {"min", {boolean}, std::nullopt},
      {"every", {boolean}, boolean},
      {"bool_or", {integer}, std::nullopt},
      {"sum", {}, std::nullopt},
      {"summ", {integer}, std::nullopt},
  };
  for (const auto& one : cases) {
    const auto found = aggregates.resolve(one.name, one.arguments);
    ASSERT_EQ(found.has_value(), one.expected.has_value()) << one.name;
    if (found) {
      EXPECT_EQ(type_name((*found)->result), type_name(*one.expected)) << one.name;
    }
  }
  EXPECT_EQ(aggregates.resolve("summ", {integer}).error().code, ErrorCode::unknown_function);
}

}  // namespace sluice::test
