#include "values/type.hpp"

#include <gtest/gtest.h>

#include "values/number/numeric.hpp"

namespace sluice {
namespace {

struct NameCase {
  const char* text;
  const char* expected;  // nullptr: not a type
};

class TypeName : public testing::TestWithParam<NameCase> {};

TEST_P(TypeName, IsReadAndPrintedAsInPostgres) {
  const auto type = parse_type(GetParam().text);
  if (GetParam().expected == nullptr) {
    EXPECT_FALSE(type.has_value()) << type_name(*type);
    return;
  }
  ASSERT_TRUE(type.has_value());
  EXPECT_EQ(type_name(*type), GetParam().expected);
  EXPECT_EQ(parse_type(type_name(*type)), type);
}

constexpr NameCase cases[] = {
    {"int", "integer"},
    {"INT4", "integer"},
    {"integer", "integer"},
    {"bigint", "bigint"},
    {"int8", "bigint"},
    {"bool", "boolean"},
    {"double  precision", "double precision"},
    {"float8", "double precision"},
    {"numeric", "numeric"},
    {"numeric(16,2)", "numeric(16,2)"},
    {" decimal ( 16 , 2 ) ", "numeric(16,2)"},
    {"numeric(5)", "numeric(5,0)"},
    {"numeric(3,-2)", "numeric(3,-2)"},
    {"numeric(38,38)", "numeric(38,38)"},
    {"varchar", "text"},
    {"character varying", "text"},
    {"timestamp with time zone", "timestamptz"},
    {"timestamp without time zone", "timestamp"},
    {"timestamptz", "timestamptz"},
    {"date", "date"},
    {"interval", "interval"},
    {"jsonb", "jsonb"},
    {"numeric(39,2)", nullptr},
    {"numeric(0)", nullptr},
    {"numeric()", nullptr},
    {"numeric(3,", nullptr},
    {"numeric(3,2,1)", nullptr},
    {"int(4)", nullptr},
    {"varchar(20)", nullptr},
    {"real", nullptr},
    {"", nullptr},
};

INSTANTIATE_TEST_SUITE_P(Names, TypeName, testing::ValuesIn(cases));

TEST(ValueWidth, IsTheSizeOfTheRepresentation) {
  EXPECT_EQ(value_width(TypeKind::boolean), 1u);
  EXPECT_EQ(value_width(TypeKind::date), sizeof(int32_t));
  EXPECT_EQ(value_width(TypeKind::timestamptz), sizeof(int64_t));
  EXPECT_EQ(value_width(TypeKind::numeric), sizeof(Numeric));
  EXPECT_EQ(value_width(TypeKind::interval), sizeof(Interval));
  EXPECT_EQ(value_width(TypeKind::jsonb), sizeof(std::string_view));
}

}  // namespace
}  // namespace sluice
