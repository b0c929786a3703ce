#include "data/column.hpp"

#include <gtest/gtest.h>

#include "data/column_text.hpp"
#include "data/value.hpp"

namespace sluice {
namespace {

constexpr Type integer{TypeKind::integer};
constexpr Type text{TypeKind::text};

// The values joined by commas, NULL as "-".
std::string shown(const Column& column) {
  std::string result;
  for (size_t row = 0; row < column.size(); ++row) {
    if (row > 0) result += ',';
    if (column.is_null(row)) {
      result += '-';
    } else {
      format_value(column, row, TimeZone(), result);
    }
  }
  return result;
}

// Of texts separated by commas, "-" for NULL.
ColumnPtr column_of(Type type, std::string_view values) {
  ColumnBuilder builder(type, 1);
  while (!values.empty()) {
    const std::string_view value = values.substr(0, values.find(','));
    values.remove_prefix(std::min(values.size(), value.size() + 1));
    if (value == "-") {
      builder.append_null();
    } else {
      EXPECT_TRUE(append_parsed(type, value, TimeZone(), builder).has_value()) << value;
    }
  }
  return builder.finish();
}

struct TypeCase {
  const char* type;
  const char* values;
};

class EveryType : public testing::TestWithParam<TypeCase> {
 protected:
  Type type_ = *parse_type(GetParam().type);
  ColumnPtr column_ = column_of(type_, GetParam().values);
};

TEST_P(EveryType, BuilderKeepsValuesAndNullsWhileItGrows) {
  EXPECT_EQ(shown(*column_), GetParam().values);
}

TEST_P(EveryType, GatherRepeatsAndReorders) {
  const std::string last = shown(*slice(*column_, 2, 1));
  const std::string first = shown(*slice(*column_, 0, 1));
  EXPECT_EQ(shown(*gather(*column_, {2, 0, 2, 1})), last + "," + first + "," + last + ",-");
}

TEST_P(EveryType, SlicesConcatenateToTheWhole) {
  for (size_t at = 0; at <= column_->size(); ++at) {
    const ColumnPtr left = slice(*column_, 0, at);
    const ColumnPtr right = slice(*column_, at, column_->size() - at);
    EXPECT_EQ(shown(*concatenate({left, right})), GetParam().values);
  }
}

TEST_P(EveryType, AppendFromCopiesOneValue) {
  ColumnBuilder builder(type_, 1);
  for (size_t row = column_->size(); row-- > 0;) builder.append_from(*column_, row);
  const ColumnPtr reversed = builder.finish();
  EXPECT_EQ(shown(*gather(*reversed, {2, 1, 0})), GetParam().values);
}

TEST_P(EveryType, ValueIsTheColumnsAndRepeats) {
  for (size_t row = 0; row < column_->size(); ++row) {
    const Value value = Value::from_column(*column_, row);
    EXPECT_EQ(value.is_null(), column_->is_null(row));
    const ColumnPtr repeated = value.repeat(3);
    ASSERT_EQ(repeated->size(), 3u);
    EXPECT_TRUE(Value::from_column(*repeated, 2) == value);
    EXPECT_FALSE(value == Value::from_column(*column_, (row + 1) % 3));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Types, EveryType,
    testing::Values(
        TypeCase{"boolean", "true,-,false"}, TypeCase{"integer", "1,-,-7"},
        TypeCase{"bigint", "9223372036854775807,-,0"}, TypeCase{"double precision", "1.5,-,NaN"},
        TypeCase{"numeric", "1.50,-,Infinity"}, TypeCase{"text", "a,-,some longer text than most"},
        TypeCase{"date", "2024-02-29,-,infinity"},
        TypeCase{"timestamp", "2024-02-29 01:02:03,-,-infinity"},
        TypeCase{"timestamptz", "2024-02-29 01:02:03+00,-,infinity"},
        TypeCase{"interval", "1 mon,-,-00:00:01"}, TypeCase{"jsonb", "{\"a\": 1},-,[]"}),
    [](const auto& test) {
      std::string name = test.param.type;
      std::replace(name.begin(), name.end(), ' ', '_');
      return name;
    });

TEST(Column, TextOutlivesTheBuilderAndTheColumnItWasGatheredFrom) {
  ColumnPtr gathered;
  {
    const ColumnPtr column = column_of(text, "first,second");
    gathered = gather(*column, {1});
  }
  EXPECT_EQ(shown(*gathered), "second");
}

TEST(Column, NullsOfManyRowsAreWhereTheyWereSet) {
  ColumnBuilder builder(integer, 1);
  for (int32_t i = 0; i < 1000; ++i) {
    if (i % 7 == 3) {
      builder.append_null();
    } else {
      builder.append<int32_t>(i);
    }
  }
  const ColumnPtr column = builder.finish();
  ASSERT_EQ(column->size(), 1000u);
  for (int32_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(column->is_null(i), i % 7 == 3) << i;
    ASSERT_EQ(column->values<int32_t>()[i], i % 7 == 3 ? 0 : i);
  }
}

TEST(ColumnBuilder, IsEmptyAndUsableAfterFinish) {
  ColumnBuilder builder(text, 1);
  builder.append_copy("a");
  builder.append_null();
  EXPECT_EQ(shown(*builder.finish()), "a,-");
  EXPECT_EQ(builder.size(), 0u);
  builder.append_copy("b");
  const ColumnPtr second = builder.finish();
  EXPECT_EQ(shown(*second), "b");
  EXPECT_FALSE(second->is_null(0));
}

TEST(NullColumn, HasOnlyNulls) {
  const ColumnPtr column = null_column(text, 70);
  ASSERT_EQ(column->size(), 70u);
  for (size_t row = 0; row < 70; ++row) EXPECT_TRUE(column->is_null(row));
  EXPECT_EQ(null_column(integer, 0)->size(), 0u);
}

TEST(Value, EqualityIsOfTheRepresentation) {
  const Type numeric{TypeKind::numeric};
  EXPECT_FALSE(Value::of(numeric, Numeric(10, 1)) == Value::of(numeric, Numeric(100, 2)));
  EXPECT_TRUE(Value::null(integer) == Value::null(integer));
  EXPECT_FALSE(Value::null(integer) == Value::null(text));
  EXPECT_FALSE(Value::of(integer, int32_t{0}) == Value::null(integer));
}

}  // namespace
}  // namespace sluice
