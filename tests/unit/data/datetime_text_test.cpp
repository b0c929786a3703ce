#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "data/column_text.hpp"
#include "values/time/calendar.hpp"
#include "values/time/timestamp_range.hpp"
#include "values/value_text.hpp"

namespace sluice {
namespace {

TimeZone shanghai() { return *TimeZone::load("Asia/Shanghai"); }

// What the text reads as, printed again; or the code of the error.
std::string read_and_printed(Type type, std::string_view text) {
  ColumnBuilder builder(type);
  const Status parsed = append_parsed(type, text, shanghai(), builder);
  if (!parsed) return error_code_text(parsed.error().code);
  std::string printed;
  format_value(*builder.finish(), 0, shanghai(), printed);
  return printed;
}

class CasesOfPostgres : public testing::TestWithParam<const char*> {};

TEST_P(CasesOfPostgres, AreReadAndPrintedAlike) {
  std::ifstream file(std::string(SLUICE_SOURCE_DIR "/tests/unit/data/") + GetParam());
  size_t cases = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const size_t first = line.find('\t');
    const size_t second = line.find('\t', first + 1);
    ASSERT_NE(second, std::string::npos) << line;
    const std::string text = line.substr(first + 1, second - first - 1);
    const auto type = parse_type(line.substr(0, first));
    ASSERT_TRUE(type.has_value()) << line;
    EXPECT_EQ(read_and_printed(*type, text), line.substr(second + 1))
        << type_name(*type) << " '" << text << "'";
    ++cases;
  }
  EXPECT_GT(cases, 100u);
}

INSTANTIATE_TEST_SUITE_P(Files, CasesOfPostgres,
                         testing::Values("datetime_cases.tsv", "interval_cases.tsv"));

TEST(Timestamp, WordsThatDependOnTheClockAreRefused) {
  for (const char* text : {"now", "today", "tomorrow", "yesterday", "today 12:00"}) {
    const auto parsed = parse_timestamp(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::invalid_text);
  }
}

TEST(Timestamp, LargestAndSmallestAreReadBack) {
  for (const int64_t value : {end_of_timestamps - 1, first_timestamp, int64_t{0}, int64_t{-1}}) {
    std::string text;
    format_timestamp(value, text);
    EXPECT_EQ(parse_timestamp(text).value_or(1), value) << text;
    text.clear();
    format_timestamptz(value, TimeZone(), text);
    EXPECT_EQ(parse_timestamptz(text, TimeZone()).value_or(1), value) << text;
  }
}

// PostgreSQL's last year is 294276: what follows ours is refused, in whichever zone it is reached.
TEST(Timestamp, PastTheLastYear_IsOutOfRange) {
  const TimeZone new_york = *TimeZone::load("America/New_York");
  const auto code = [](const Result<int64_t>& result) {
    return result ? "none" : error_code_text(result.error().code);
  };
  EXPECT_TRUE(parse_timestamp("294246-12-31 23:59:59.999999"));
  EXPECT_EQ(code(parse_timestamp("294247-01-01 00:00:00")), "E3102");
  EXPECT_EQ(code(parse_timestamp("294276-12-31 23:59:59")), "E3102");
  EXPECT_TRUE(parse_timestamptz("294246-12-31 18:59:59", new_york));
  EXPECT_EQ(code(parse_timestamptz("294246-12-31 19:00:00", new_york)), "E3102");
  EXPECT_EQ(code(parse_timestamptz("294246-12-31 23:59:59-01", new_york)), "E3102");
}

TEST(Timestamptz, RandomValuesAreReadBackInAnyZone) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const TimeZone zones[] = {TimeZone(), shanghai(), *TimeZone::load("America/New_York"),
                            *TimeZone::load("-03:30")};
  for (int i = 0; i < 20'000; ++i) {
    const auto span = static_cast<uint64_t>(10'000 * 366 * us_per_day);
    const int64_t value = static_cast<int64_t>(random() % span) - 5'000 * 366 * us_per_day;
    std::string text;
    format_timestamptz(value, zones[i % 4], text);
    ASSERT_EQ(parse_timestamptz(text, shanghai()).value_or(0), value) << text;
  }
}

TEST(Date, EveryDayOfManyYearsIsReadBack) {
  for (int32_t days = -1'000'000; days < 1'000'000; days += 13) {
    std::string text;
    format_date(days, text);
    ASSERT_EQ(parse_date(text).value_or(INT32_MAX), days) << text;
  }
}

TEST(Interval, RandomValuesAreReadBack) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    Interval value;
    if (random() % 4 != 0) value.months = static_cast<int32_t>(random()) >> (random() % 31);
    if (random() % 4 != 0) value.days = static_cast<int32_t>(random()) >> (random() % 31);
    if (random() % 4 != 0)
      value.microseconds = static_cast<int64_t>(random()) >> (3 + random() % 58);
    std::string text;
    format_interval(value, text);
    const auto back = parse_interval(text);
    ASSERT_TRUE(back.has_value()) << text;
    ASSERT_TRUE(*back == value) << text;
  }
}

TEST(IsoTimestamp, EveryPrefixAndOneByteChangeIsAValueOrAnError) {
  const std::string whole = "2024-02-29T23:59:59.123456+08:00";
  for (size_t size = 0; size <= whole.size(); ++size) {
    static_cast<void>(parse_timestamptz(std::string_view(whole).substr(0, size), TimeZone()));
  }
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = whole;
      changed[at] = static_cast<char>(byte);
      const auto parsed = parse_timestamptz(changed, TimeZone());
      if (parsed) continue;
      EXPECT_EQ(parsed.error().domain(), ErrorDomain::user) << changed;
    }
  }
}

}  // namespace
}  // namespace sluice
