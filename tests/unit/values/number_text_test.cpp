#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "values/value_text.hpp"

namespace sluice {
namespace {

// The value's text, or the code of the error.
template <class T>
std::string shown(const Result<T>& result) {
  if (!result) return error_code_text(result.error().code);
  std::string text;
  if constexpr (std::is_same_v<T, double>) {
    format_double(*result, text);
  } else {
    text = std::to_string(*result);
  }
  return text;
}

struct Case {
  const char* text;
  const char* expected;
};

TEST(Boolean, IsReadAsInPostgres) {
  for (const Case& c : std::initializer_list<Case>{
           {"true", "1"},   {"t", "1"},     {"TRUE", "1"}, {"tr", "1"},        {" yes ", "1"},
           {"y", "1"},      {"on", "1"},    {"1", "1"},    {"false", "0"},     {"f", "0"},
           {"no", "0"},     {"n", "0"},     {"off", "0"},  {"of", "0"},        {"0", "0"},
           {"o", "E3103"},  {"2", "E3103"}, {"", "E3103"}, {"truex", "E3103"}, {"00", "E3103"},
           {"one", "E3103"}}) {
    EXPECT_EQ(shown(parse_boolean(c.text)), c.expected) << c.text;
  }
}

TEST(Integer, IsReadAsInPostgres) {
  for (const Case& c : std::initializer_list<Case>{{"0", "0"},
                                                   {"+7", "7"},
                                                   {"-0", "0"},
                                                   {" 42\t", "42"},
                                                   {"007", "7"},
                                                   {"2147483647", "2147483647"},
                                                   {"-2147483648", "-2147483648"},
                                                   {"2147483648", "E3102"},
                                                   {"2147483648x", "E3103"},
                                                   {"-2147483649", "E3102"},
                                                   {"99999999999999999999999", "E3102"},
                                                   {"", "E3103"},
                                                   {"+", "E3103"},
                                                   {"-", "E3103"},
                                                   {"+-1", "E3103"},
                                                   {"1.0", "E3103"},
                                                   {"1e3", "E3103"},
                                                   {"1 2", "E3103"},
                                                   {"- 1", "E3103"},
                                                   {"abc", "E3103"}}) {
    EXPECT_EQ(shown(parse_integer(c.text)), c.expected) << c.text;
  }
}

TEST(Bigint, IsReadAsInPostgres) {
  for (const Case& c : std::initializer_list<Case>{{"9223372036854775807", "9223372036854775807"},
                                                   {"-9223372036854775808", "-9223372036854775808"},
                                                   {"9223372036854775808", "E3102"},
                                                   {"-9223372036854775809", "E3102"}}) {
    EXPECT_EQ(shown(parse_bigint(c.text)), c.expected) << c.text;
  }
}

// Other bases, digits in groups; what is wrong in two ways.
TEST(Integer, IsReadInEveryNotationOfPostgres) {
  for (const Case& c : std::initializer_list<Case>{{"0x1F", "31"},
                                                   {"-0X1f", "-31"},
                                                   {"+0o17", "15"},
                                                   {"0O17", "15"},
                                                   {"0b11", "3"},
                                                   {"0B2", "E3103"},
                                                   {"0o8", "E3103"},
                                                   {"0xg", "E3103"},
                                                   {"1_000", "1000"},
                                                   {"0_1", "1"},
                                                   {"1__0", "E3103"},
                                                   {"_1", "E3103"},
                                                   {"1_", "E3103"},
                                                   {"0x_1F", "31"},
                                                   {"0x1_F", "31"},
                                                   {"0x", "E3103"},
                                                   {"0x_", "E3103"},
                                                   {"0x__1", "E3103"},
                                                   {"0x1F_", "E3103"},
                                                   {"-0x", "E3103"},
                                                   {"0_x1", "E3103"},
                                                   {"0x-1", "E3103"},
                                                   {"0x1.8", "E3103"},
                                                   {"1_000.5", "E3103"},
                                                   {" 0x1 ", "1"},
                                                   {"0x7FFFFFFF", "2147483647"},
                                                   {"0x80000000", "E3102"},
                                                   {"-0x80000000", "-2147483648"},
                                                   {"-0x80000001", "E3102"},
                                                   {"21474836480x", "E3102"},
                                                   {"0x1e5", "485"}}) {
    EXPECT_EQ(shown(parse_integer(c.text)), c.expected) << c.text;
  }
}

TEST(Bigint, IsReadInEveryNotationOfPostgres) {
  for (const Case& c : std::initializer_list<Case>{
           {"0x7FFFFFFFFFFFFFFF", "9223372036854775807"},
           {"0x8000000000000000", "E3102"},
           {"-0x8000000000000000", "-9223372036854775808"},
           {"0b1000000000000000000000000000000000000000000000000000000000000000", "E3102"},
           {"1_000_000_000_000", "1000000000000"},
           {"9_223_372_036_854_775_808", "E3102"},
           {"99999999999999999999x", "E3102"}}) {
    EXPECT_EQ(shown(parse_bigint(c.text)), c.expected) << c.text;
  }
}

TEST(Double, IsReadInBase16Too) {
  for (const Case& c :
       std::initializer_list<Case>{{"0x1F", "31"},
                                   {"-0X1.8p3", "-12"},
                                   {"+0x.8", "0.5"},
                                   {"0x1p-2000", "E3102"},
                                   {"0x1p2000", "E3102"},
                                   {"0x", "E3103"},
                                   {"0xg", "E3103"},
                                   {"0x-1", "E3103"},
                                   {"0xinf", "E3103"},
                                   {"0x1.8x", "E3103"},
                                   {"0o17", "E3103"},
                                   {"0b1", "E3103"},
                                   {"1_000", "E3103"},
                                   {"0xFFFFFFFFFFFFFFFFFFFFFFFF", "7.922816251426434e+28"},
                                   {"0x1e5", "485"},
                                   {"0x1p", "E3103"}}) {
    EXPECT_EQ(shown(parse_double(c.text)), c.expected) << c.text;
  }
}

TEST(Bigint, ErrorNamesTheTypeAndAnExcerptOfTheText) {
  const std::string text = "1" + std::string(400, 'x');
  const auto result = parse_bigint(text);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().message,
            "invalid input syntax for type bigint: \"1" + std::string(99, 'x') + "...\"");
}

TEST(Double, IsReadAndPrintedAsInPostgres) {
  for (const Case& c :
       std::initializer_list<Case>{{"0", "0"},
                                   {"-0", "-0"},
                                   {"1", "1"},
                                   {"1.50", "1.5"},
                                   {".5", "0.5"},
                                   {"5.", "5"},
                                   {"+1.5", "1.5"},
                                   {"0.1", "0.1"},
                                   {"1e20", "1e+20"},
                                   {"1e-5", "1e-05"},
                                   {"0.0001", "0.0001"},
                                   {"0.00001", "1e-05"},
                                   {"0.00012345", "0.00012345"},
                                   {"100000000000000", "100000000000000"},
                                   {"999999999999999", "999999999999999"},
                                   {"999999999999999.9", "999999999999999.9"},
                                   {"1000000000000000", "1e+15"},
                                   {"123456789012345678", "1.2345678901234568e+17"},
                                   {"406561177535215232", "4.0656117753521523e+17"},
                                   {"1e126", "1e+126"},
                                   {"9007199254740993", "9.007199254740992e+15"},
                                   {"1.7976931348623157e308", "1.7976931348623157e+308"},
                                   {"5e-324", "5e-324"},
                                   {"2.2250738585072014e-308", "2.2250738585072014e-308"},
                                   {"-1.5E+2", "-150"},
                                   {"NaN", "NaN"},
                                   {"infinity", "Infinity"},
                                   {"-Inf", "-Infinity"},
                                   {" 1.5 ", "1.5"},
                                   {"1e400", "E3102"},
                                   {"-1e400", "E3102"},
                                   {"1e-400", "E3102"},
                                   {"", "E3103"},
                                   {"-", "E3103"},
                                   {".", "E3103"},
                                   {"1.5x", "E3103"},
                                   {"1e", "E3103"},
                                   {"+-1", "E3103"},
                                   {"nan(1)", "E3103"},
                                   {"infinit", "E3103"}}) {
    EXPECT_EQ(shown(parse_double(c.text)), c.expected) << c.text;
  }
}

TEST(Double, RandomValuesAreReadBackExactly) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    std::string text;
    format_double(value, text);
    ASSERT_EQ(parse_double(text).value_or(0), value) << text;
  }
}

}  // namespace
}  // namespace sluice
