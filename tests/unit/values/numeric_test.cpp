#include "values/number/numeric.hpp"

#include <gtest/gtest.h>

#include <random>

#include "values/number/decimal_text.hpp"

namespace sluice {
namespace {

Numeric number(std::string_view text) {
  const auto parsed = Numeric::parse(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(Numeric());
}

// The value printed, or the code of the error.
std::string shown(const Result<Numeric>& result) {
  return result ? result->to_string() : error_code_text(result.error().code);
}

struct TextCase {
  const char* text;
  const char* expected;
};

class NumericText : public testing::TestWithParam<TextCase> {};

TEST_P(NumericText, IsReadAndPrintedAsInPostgres) {
  EXPECT_EQ(shown(Numeric::parse(GetParam().text)), GetParam().expected);
}

constexpr TextCase texts[] = {
    {"0", "0"},
    {"-0", "0"},
    {"1.50", "1.50"},
    {"+1.5", "1.5"},
    {"-0.05", "-0.05"},
    {".5", "0.5"},
    {"5.", "5"},
    {"  12.3  ", "12.3"},
    {"007", "7"},
    {"9999999999999999999", "9999999999999999999"},
    {"12345678901234567890", "12345678901234567890"},
    {"-99999999999999999999999999999999999999", "-99999999999999999999999999999999999999"},
    {"0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001"},
    {"1000000000000000000.0000000000000000001", "1000000000000000000.0000000000000000001"},
    {"10000000000000000000000000.5", "10000000000000000000000000.5"},
    {"1e5", "100000"},
    {"1.5e-3", "0.0015"},
    {"1.50e1", "15.0"},
    {"-1.5E+2", "-150"},
    {"0e100", "0"},
    {"NaN", "NaN"},
    {" nan ", "NaN"},
    {"Infinity", "Infinity"},
    {"-inf", "-Infinity"},
    {"+Infinity", "Infinity"},
    {"", "E3103"},
    {" ", "E3103"},
    {".", "E3103"},
    {"-", "E3103"},
    {"1.2.3", "E3103"},
    {"1e", "E3103"},
    {"1e+-5", "E3103"},
    {"1e5x", "E3103"},
    {"e5", "E3103"},
    {"--1", "E3103"},
    {"- 1", "E3103"},
    {"1 2", "E3103"},
    {"-NaN", "E3103"},
    {"0x10", "16"},
    {"-0X1f", "-31"},
    {"0o17", "15"},
    {"0b_1_1", "3"},
    {"0x1.8", "E3103"},
    {"0x1e5", "485"},
    {"0x", "E3103"},
    {"0x_", "E3103"},
    {"-", "E3103"},
    {"0o8", "E3103"},
    {"0xFFFFFFFFFFFFFFFFg", "E3103"},
    {" -0x1F ", "-31"},
    {"1_000.5", "1000.5"},
    {"1.5_0", "1.50"},
    {".5_0", "0.50"},
    {"1e1_0", "10000000000"},
    {"1_.5", "E3103"},
    {"1._5", "E3103"},
    {"1e_1", "E3103"},
    {"1e1_", "E3103"},
    {"_1", "E3103"},
    {"1_", "E3103"},
    {"1__0", "E3103"},
    {"-1_0", "-10"},
    {"0_x1", "E3103"},
    {"1_e5", "E3103"},
    {"N_aN", "E3103"},
    {"0x4B3B4CA85A86C47A098A223FFFFFFFFF", "99999999999999999999999999999999999999"},
    {"0x4B3B4CA85A86C47A098A224000000000", "E3102"},
    {"-0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "E3102"},
    {"1_0000000000000000000000000000000000000", "10000000000000000000000000000000000000"},
    {"1_00000000000000000000000000000000000000", "E3102"},
    {"\xE4\xB8\x80", "E3103"},
    {"100000000000000000000000000000000000000", "E3102"},
    {"0.000000000000000000000000000000000000001", "E3102"},
    {"1e38", "E3102"},
    {"1e99999999999999999999", "E3102"},
    {"1e-99999999999999999999", "E3102"},
};

INSTANTIATE_TEST_SUITE_P(Table, NumericText, testing::ValuesIn(texts));

TEST(NumericText, RandomValuesAreReadBackExactly) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    Int128 coefficient = 0;
    for (uint64_t digits = random() % 39; digits > 0; --digits) {
      coefficient = coefficient * 10 + static_cast<int>(random() % 10);
    }
    if (random() % 2 == 0) coefficient = -coefficient;
    const Numeric value(coefficient, static_cast<uint8_t>(random() % 39));
    const auto back = Numeric::parse(value.to_string());
    ASSERT_TRUE(back.has_value()) << value.to_string();
    ASSERT_TRUE(back->coefficient() == coefficient && back->scale() == value.scale())
        << value.to_string() << " came back as " << back->to_string();
  }
}

struct CompareCase {
  const char* left;
  const char* right;
  std::strong_ordering expected;
};

TEST(Numeric, ComparesExactlyByValue) {
  using Order = std::strong_ordering;
  const CompareCase cases[] = {
      {"1.0", "1.00", Order::equal},
      {"0", "0.000", Order::equal},
      {"-1", "1", Order::less},
      {"-1.5", "-1.49", Order::less},
      {"99999999999999999999999999999999999999", "0.00000000000000000000000000000000000001",
       Order::greater},
      {"1", "1.0000000000000000000000000000000000001", Order::less},
      {"-1", "-1.0000000000000000000000000000000000001", Order::greater},
      {"12345678901234567890123.4", "12345678901234567890123.40", Order::equal},
      {"NaN", "NaN", Order::equal},
      {"NaN", "Infinity", Order::greater},
      {"-Infinity", "-99999999999999999999999999999999999999", Order::less},
      {"Infinity", "Infinity", Order::equal},
  };
  for (const CompareCase& c : cases) {
    EXPECT_TRUE(number(c.left).compare(number(c.right)) == c.expected) << c.left << " " << c.right;
    EXPECT_TRUE(number(c.right).compare(number(c.left)) == 0 <=> c.expected)
        << c.right << " " << c.left;
  }
}

struct ConstrainCase {
  const char* text;
  uint8_t precision;
  int8_t scale;
  std::string expected;
};

TEST(Numeric, IsConstrainedAsInPostgres) {
  const ConstrainCase cases[] = {
      {"1.005", 5, 2, "1.01"},   {"-1.005", 5, 2, "-1.01"},   {"1.004999", 5, 2, "1.00"},
      {"1", 5, 2, "1.00"},       {"999.994", 5, 2, "999.99"}, {"999.995", 5, 2, "E3102"},
      {"1234", 3, -2, "1200"},   {"1250", 3, -2, "1300"},     {"49", 3, -2, "0"},
      {"99950", 3, -2, "E3102"}, {"0.0012", 2, 4, "0.0012"},  {"0.01", 2, 4, "E3102"},
      {"NaN", 5, 2, "NaN"},      {"Infinity", 5, 2, "E3102"}, {"1.23456", 0, 0, "1.23456"},
      {"0.5", 1, 0, "1"},        {"2.5", 1, 0, "3"},          {"9.5", 1, 0, "E3102"},
      {"1", 38, 38, "E3102"},
  };
  for (const ConstrainCase& c : cases) {
    EXPECT_EQ(shown(number(c.text).constrained(c.precision, c.scale)), c.expected)
        << c.text << " numeric(" << int{c.precision} << "," << int{c.scale} << ")";
  }
}

// What is rounded away does not count: neither at the input of numeric(p,s) nor by itself.
TEST(NumericText, IsRoundedToItsScaleBeforeItsDigitsCount) {
  const ConstrainCase cases[] = {
      {"8.271806125530277e-25", 16, 2, "0.00"},
      {"12.3450000000000000000000000000000000000001", 16, 2, "12.35"},
      {"-12.3449999999999999999999999999999999999999", 16, 2, "-12.34"},
      {"0.0049999999999999999999999999999999999999999", 16, 2, "0.00"},
      {"-0.005000000000000000000000000000000000000000", 16, 2, "-0.01"},
      {"00000000000000000000000000000000000000000000001.5", 16, 2, "1.50"},
      {"1e-999999999999999999999", 16, 2, "0.00"},
      {"0e999999999999999999999", 16, 2, "0.00"},
      {"12345000000000000000000000000000000000000001e-38", 16, 2, "123450.00"},
      {"99999999999999.99499999999999999999999999999", 16, 2, "99999999999999.99"},
      {"99999999999999.99500000000000000000000000000", 16, 2, "E3102"},
      {"1e38", 16, 2, "E3102"},
      {"1e99999999999999999999", 16, 2, "E3102"},
      {"149.99999999999999999999999999999999999999999", 5, -2, "100"},
      {"150.00000000000000000000000000000000000000000", 5, -2, "200"},
      {"0.9999999999999999999999999999999999999999", 38, 38, "E3102"},
      {"0.00000000000000000000000000000000000000499999999", 38, 38, "0." + std::string(38, '0')},
      {"1.5.5", 16, 2, "E3103"},
      {"NaN", 16, 2, "NaN"},
      {"-inf", 16, 2, "E3102"},
  };
  for (const ConstrainCase& c : cases) {
    EXPECT_EQ(shown(Numeric::parse(c.text, c.precision, c.scale)), c.expected)
        << c.text << " numeric(" << int{c.precision} << "," << int{c.scale} << ")";
  }
}

struct RoundingCase {
  const char* text;
  int64_t scale;
  const char* expected;  // away from zero from a half on, towards zero, down, up
};

TEST(DecimalText, RoundsEachWay) {
  using Rounding = DecimalText::Rounding;
  const RoundingCase cases[] = {
      {"2.5", 0, "3 2 2 3"},
      {"-2.5", 0, "-3 -2 -3 -2"},
      {"2.000000000000000000000000000000000000000000001", 0, "2 2 2 3"},
      {"-2.000000000000000000000000000000000000000000001", 0, "-2 -2 -3 -2"},
      {"2.000000000000000000000000000000000000000000000", 0, "2 2 2 2"},
      {"1e-45", 2, "0.00 0.00 0.00 0.01"},
      {"-1e-45", 2, "0.00 0.00 -0.01 0.00"},
      {"1234.5", -2, "1200 1200 1200 1300"},
      {"1250", -2, "1300 1200 1200 1300"},
      {"4", -2, "0 0 0 100"},
      {"1.5", 3, "1.500 1.500 1.500 1.500"},
      {"9.99", 1, "10.0 9.9 9.9 10.0"},
      {"99999999999999999999999999999999999999.5", 0,
       "none 99999999999999999999999999999999999999 99999999999999999999999999999999999999 none"},
      {"1", 39, "none none none none"},
      {"1_250.2_5", 1, "1250.3 1250.2 1250.2 1250.3"},
      {"-0x4E2", -2, "-1300 -1200 -1300 -1200"},
  };
  for (const RoundingCase& c : cases) {
    std::string all;
    for (const auto rounding :
         {Rounding::half_away_from_zero, Rounding::towards_zero, Rounding::down, Rounding::up}) {
      const auto rounded = DecimalText::parse(c.text)->rounded(c.scale, rounding);
      all += (all.empty() ? "" : " ") + (rounded ? rounded->to_string() : "none");
    }
    EXPECT_EQ(all, c.expected) << c.text << " to " << c.scale;
  }
}

TEST(DecimalText, KnowsWhetherItIsWhole) {
  for (const char* whole : {"1", "1.0", "1e3", "1.5e1", "0e-60", "120e-1", "1."}) {
    EXPECT_FALSE(DecimalText::parse(whole)->has_fraction()) << whole;
  }
  for (const char* fraction : {"0.1", "1e-60", "15e-1", "1.0000000000000000000000000000000001"}) {
    EXPECT_TRUE(DecimalText::parse(fraction)->has_fraction()) << fraction;
  }
}

TEST(Numeric, RescalingRoundsHalfAwayFromZeroAndPads) {
  EXPECT_EQ(shown(number("2.5").rescaled(0)), "3");
  EXPECT_EQ(shown(number("-2.5").rescaled(0)), "-3");
  EXPECT_EQ(shown(number("2.4999").rescaled(0)), "2");
  EXPECT_EQ(shown(number("1").rescaled(3)), "1.000");
  EXPECT_EQ(shown(number("99999999999999999999999999999999999999").rescaled(1)), "E3102");
}

struct SumCase {
  const char* left;
  const char* right;
  const char* sum;
  const char* difference;
};

TEST(Numeric, AddsAndSubtractsExactly) {
  const SumCase cases[] = {
      {"1.5", "2.25", "3.75", "-0.75"},
      {"1.0", "1.00", "2.00", "0.00"},
      {"-1", "1", "0", "-2"},
      {"99999999999999999999999999999999999999", "1", "E3102",
       "99999999999999999999999999999999999998"},
      {"99999999999999999999999999999999999999", "99999999999999999999999999999999999999", "E3102",
       "0"},
      {"99999999999999999999999999999999999999", "0.1", "E3102", "E3102"},
      {"Infinity", "-5", "Infinity", "Infinity"},
      {"Infinity", "-Infinity", "NaN", "Infinity"},
      {"Infinity", "Infinity", "Infinity", "NaN"},
      {"1", "NaN", "NaN", "NaN"},
      {"1", "Infinity", "Infinity", "-Infinity"},
  };
  for (const SumCase& c : cases) {
    EXPECT_EQ(shown(Numeric::add(number(c.left), number(c.right))), c.sum)
        << c.left << " + " << c.right;
    EXPECT_EQ(shown(Numeric::subtract(number(c.left), number(c.right))), c.difference)
        << c.left << " - " << c.right;
  }
}

TEST(Numeric, NormalizedDropsTrailingFractionalZerosOnly) {
  EXPECT_EQ(number("1.500").normalized().to_string(), "1.5");
  EXPECT_EQ(number("100").normalized().to_string(), "100");
  EXPECT_EQ(number("100.00").normalized().to_string(), "100");
  EXPECT_EQ(number("0.000").normalized().to_string(), "0");
  EXPECT_EQ(number("12345678901234567890123.4000").normalized().to_string(),
            "12345678901234567890123.4");
  EXPECT_EQ(number("-1000000000000000000000.0000").normalized().to_string(),
            "-1000000000000000000000");
  EXPECT_EQ(number("NaN").normalized().to_string(), "NaN");
}

}  // namespace
}  // namespace sluice
