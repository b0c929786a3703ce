#include "data/key_text.hpp"

#include <gtest/gtest.h>

#include "data/canonical_column.hpp"
#include "data/column_text.hpp"
#include "values/canonical_value.hpp"

namespace sluice {
namespace {

ColumnPtr column_of(const char* type, const char* text) {
  const Type parsed_type = parse_type(type).value();
  ColumnBuilder builder(parsed_type, 1);
  const Status parsed = append_parsed(parsed_type, text, TimeZone(), builder);
  EXPECT_TRUE(parsed.has_value()) << type << " " << text;
  return builder.finish();
}

struct SpellingCase {
  const char* type;
  const char* spelling;
  const char* key;
};

class KeyText : public testing::TestWithParam<SpellingCase> {
 protected:
  const SpellingCase& example = GetParam();
  ColumnPtr column = column_of(example.type, example.spelling);
};

TEST_P(KeyText, IsTheOneTextOfEqualValues) {
  std::string text;
  append_key_text(*column, 0, text);
  EXPECT_EQ(text, example.key);
}

TEST_P(KeyText, IsTheTextOfTheCanonicalValue) {
  const ColumnPtr canonical_column = canonical(column);
  std::string text;
  format_value(*canonical_column, 0, TimeZone(), text);
  EXPECT_EQ(text, example.key);
  EXPECT_EQ(canonical_column == column, !has_several_forms(column->type()));
}

constexpr SpellingCase spellings[] = {
    {"numeric", "1", "1"},
    {"numeric", "1.0", "1"},
    {"numeric", "1.00", "1"},
    {"numeric", "100", "100"},
    {"numeric", "-0.000", "0"},
    {"numeric", "10.50", "10.5"},
    {"numeric(16,2)", "10.50", "10.5"},
    {"numeric", "12345678901234567890123456789.500", "12345678901234567890123456789.5"},
    {"numeric", "NaN", "NaN"},
    {"numeric", "-Infinity", "-Infinity"},
    {"double precision", "0", "0"},
    {"double precision", "-0", "0"},
    {"double precision", "1e3", "1000"},
    {"double precision", "1000.0", "1000"},
    {"double precision", "NaN", "NaN"},
    {"interval", "1 day", "1 day"},
    {"interval", "24:00:00", "1 day"},
    {"interval", "36 hours", "1 day 12:00:00"},
    {"interval", "1 mon", "1 mon"},
    {"interval", "30 days", "1 mon"},
    {"interval", "1 year", "1 year"},
    {"interval", "12 months", "1 year"},
    {"interval", "1 mon -1 day", "29 days"},
    {"interval", "-1 mon +1 day", "-29 days"},
    {"interval", "1 day -00:00:01", "23:59:59"},
    {"interval", "1 mon -30 days", "00:00:00"},
    {"interval", "178956970 years 7 mons 2147483647 days",
     "178956970 years 7 mons 2147483647 days"},
    {"jsonb", "1.0", "1"},
    {"jsonb", R"({"b": [1.50, -0.0], "a": "1.50"})", R"({"a": "1.50", "b": [1.5, 0]})"},
    {"timestamptz", "2026-03-29 01:30:00+01", "2026-03-29 00:30:00+00"},
    {"timestamptz", "2026-03-29 00:30:00Z", "2026-03-29 00:30:00+00"},
    {"timestamp", "2026-03-29 01:30:00.500", "2026-03-29 01:30:00.5"},
    {"date", "20260329", "2026-03-29"},
    {"boolean", "t", "true"},
    {"bigint", "007", "7"},
    {"text", "1.0", "1.0"},
};

INSTANTIATE_TEST_SUITE_P(Table, KeyText, testing::ValuesIn(spellings));

TEST(KeyText, CanonicalColumnsKeepTheirNulls) {
  for (const char* type : {"numeric", "jsonb"}) {
    ColumnBuilder builder(parse_type(type).value());
    builder.append_null();
    builder.append_from(*column_of(type, "1.0"), 0);
    const ColumnPtr column = canonical(builder.finish());
    EXPECT_TRUE(column->is_null(0));
    std::string text;
    append_key_text(*column, 1, text);
    EXPECT_EQ(text, "1");
  }
}

TEST(EscapedText, TellsItsSeparatorsFromWhatFollows) {
  const auto escaped = [](std::string_view text, std::string_view separator) {
    std::string out;
    append_escaped(text, separator, out);
    return out;
  };
  EXPECT_EQ(escaped("plain", ":"), "plain");
  EXPECT_EQ(escaped("", ":"), "");
  EXPECT_EQ(escaped("a:b", ":"), R"(a\:b)");
  EXPECT_EQ(escaped(R"(a\)", ":"), R"(a\\)");
  EXPECT_EQ(escaped(R"(\:)", ":"), R"(\\\:)");
  EXPECT_EQ(escaped("é·b", "·"), "é\\·b");
}

}  // namespace
}  // namespace sluice
