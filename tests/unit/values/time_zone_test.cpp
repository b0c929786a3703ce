#include "values/time/time_zone.hpp"

#include <absl/time/time.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "values/type.hpp"
#include "values/value_text.hpp"

namespace sluice {
namespace {

constexpr int64_t second_us = 1'000'000;

int64_t at(int year, int month, int day, int hour, int minute) {
  const absl::CivilSecond civil(year, month, day, hour, minute, 0);
  return (civil - absl::CivilSecond(1970, 1, 1)) * second_us;
}

TimeZone zone(std::string_view name) {
  auto loaded = TimeZone::load(name);
  EXPECT_TRUE(loaded.has_value()) << name;
  return loaded ? *loaded : TimeZone();
}

bool is_zone_file(const std::filesystem::directory_entry& entry) {
  char magic[4] = {};
  return entry.is_regular_file() && std::ifstream(entry.path()).read(magic, sizeof magic) &&
         std::string_view(magic, sizeof magic) == "TZif";
}

TEST(TimeZone, DefaultIsUtc) {
  EXPECT_EQ(TimeZone().name(), "UTC");
  EXPECT_EQ(TimeZone().offset_seconds_at(0), 0);
  EXPECT_EQ(TimeZone().to_local(123), 123);
}

TEST(TimeZone, FixedOffsetsCountEastOfUtc) {
  EXPECT_EQ(zone("+08:00").offset_seconds_at(0), 8 * 3600);
  EXPECT_EQ(zone("-0330").offset_seconds_at(0), -(3 * 3600 + 1800));
  EXPECT_EQ(zone("+05").to_local(0), 5 * 3600 * second_us);
}

TEST(TimeZone, UnknownNamesAreRefused) {
  for (const char* name : {"", "Mars/Olympus", "/etc/passwd", "../../etc/passwd", "localtime", "+8",
                           "+99:00", "+08:0", "libc:localtime"}) {
    const auto loaded = TimeZone::load(name);
    ASSERT_FALSE(loaded.has_value()) << name;
    EXPECT_EQ(loaded.error().code, ErrorCode::invalid_value);
  }
}

TEST(TimeZone, SkippedLocalTimeTakesTheOffsetBeforeTheGap) {
  EXPECT_EQ(zone("America/New_York").to_instant(at(2024, 3, 10, 2, 30)), at(2024, 3, 10, 7, 30));
}

TEST(TimeZone, RepeatedLocalTimeTakesTheOffsetAfterTheTransition) {
  EXPECT_EQ(zone("America/New_York").to_instant(at(2024, 11, 3, 1, 30)), at(2024, 11, 3, 6, 30));
  EXPECT_EQ(zone("Europe/Moscow").to_instant(at(2014, 10, 26, 1, 30)), at(2014, 10, 25, 22, 30));
}

TEST(TimeZone, InfinitiesMapToThemselves) {
  const TimeZone shanghai = zone("Asia/Shanghai");
  for (const int64_t infinity : {timestamp_infinity, timestamp_minus_infinity}) {
    EXPECT_EQ(shanghai.to_local(infinity), infinity);
    EXPECT_EQ(shanghai.to_instant(infinity), infinity);
  }
}

TEST(TimeZone, AbbreviationFollowsDaylightSaving) {
  EXPECT_EQ(zone("Asia/Shanghai").abbreviation_at(0), "CST");
  EXPECT_EQ(zone("America/New_York").abbreviation_at(at(2024, 7, 1, 0, 0)), "EDT");
  EXPECT_EQ(zone("America/New_York").abbreviation_at(at(2024, 1, 1, 0, 0)), "EST");
}

TEST(TimeZone, OffsetsBeforeTheFirstTransitionHaveSeconds) {
  EXPECT_EQ(zone("Asia/Shanghai").offset_seconds_at(at(1900, 1, 1, 0, 0)), 8 * 3600 + 5 * 60 + 43);
}

// PostgreSQL's answers: a zone, a local time, its instant, and the local time of that; from before
// the first year of the precomputed spans to behind the last.
TEST(TimeZone, PosixTextsAreZonesAsInPostgres) {
  std::ifstream cases(SLUICE_SOURCE_DIR "/tests/unit/values/posix_zones.tsv");
  size_t count = 0;
  for (std::string line; std::getline(cases, line); ++count) {
    std::istringstream fields(line);
    std::string name;
    std::string local;
    std::string instant;
    std::string shown;
    std::getline(std::getline(std::getline(fields, name, '\t'), local, '\t'), instant, '\t');
    ASSERT_TRUE(std::getline(fields, shown)) << line;
    const auto found = TimeZone::find(name);
    ASSERT_TRUE(found.has_value()) << name;
    EXPECT_EQ(found->to_instant(*parse_timestamp(local)), *parse_timestamp(instant)) << line;
    EXPECT_EQ(found->to_local(*parse_timestamp(instant)), *parse_timestamp(shown)) << line;
  }
  EXPECT_EQ(count, 294u);
}

TEST(TimeZone, PosixTextsNameTheirClocksInCapitals) {
  const TimeZone summer = *TimeZone::find("abc-3<+xy>,J100/0,J200");
  EXPECT_EQ(summer.name(), "ABC-3<+XY>,J100/0,J200");
  EXPECT_EQ(summer.abbreviation_at(at(2024, 1, 1, 0, 0)), "ABC");
  EXPECT_EQ(summer.abbreviation_at(at(2024, 6, 1, 0, 0)), "+XY");
}

TEST(TimeZone, BrokenPosixTextsAreNoZones) {
  for (const char* text :
       {"UTC+", "UTC+168", "UTC+8:60", "<+08-08", "<+08>", "EST5EDT,M3.2.0",
        "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0",
        "EST5EDT,J0,J365", "EST5EDT,0,366", "EST5EDT,M3.2.0,M11.1.0,", "EST5,M3.2.0,M11.1.0",
        "EST5EDT,M3.2.0/x,M11.1.0", "+", "-"}) {
    EXPECT_FALSE(TimeZone::find(text).has_value()) << text;
  }
}

TEST(TimeZone, SettingsTakePosixTextsWithNames) {
  EXPECT_EQ(zone("UTC+8").offset_seconds_at(0), -8 * 3600);
  EXPECT_EQ(zone("<+08>-08").abbreviation_at(0), "+08");
  EXPECT_EQ(zone("+08:00").abbreviation_at(0), "+08");
  EXPECT_EQ(zone("-0330").abbreviation_at(0), "-0330");
}

// Whatever their case, and also those that are not simply written with capitals first.
TEST(TimeZone, EveryNameOfTheDatabaseIsFoundInAnyCase) {
  const std::filesystem::path root = "/usr/share/zoneinfo";
  size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string name = entry.path().lexically_relative(root).string();
    const bool is_copy = name.starts_with("posix/") || name.starts_with("right/");
    if (is_copy || name == "localtime" || name == "posixrules" || !is_zone_file(entry)) continue;
    for (const bool upper : {false, true}) {
      std::string written = name;
      for (char& c : written) {
        c = static_cast<char>(upper ? std::toupper(static_cast<unsigned char>(c))
                                    : std::tolower(static_cast<unsigned char>(c)));
      }
      const auto found = TimeZone::find(written);
      ASSERT_TRUE(found.has_value()) << written;
      EXPECT_EQ(found->name(), name);
    }
    ++count;
  }
  EXPECT_GT(count, 300u);
}

// The tables of precomputed spans must say what the zone database says, near transitions above all.
TEST(TimeZone, AgreesWithTheZoneDatabaseAroundEveryTransition) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (const char* name : {"America/New_York", "Europe/Moscow", "Asia/Shanghai", "Pacific/Apia",
                           "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"}) {
    absl::TimeZone expected;
    ASSERT_TRUE(absl::LoadTimeZone(name, &expected));
    const TimeZone actual = zone(name);
    absl::TimeZone::CivilTransition transition;
    absl::Time time = absl::FromUnixSeconds(-1'000'000'000);
    for (int i = 0; i < 150 && expected.NextTransition(time, &transition); ++i) {
      const auto before = expected.At(transition.from);
      time = before.kind == absl::TimeZone::TimeInfo::UNIQUE ? expected.At(transition.to).trans
                                                             : before.trans;
      for (int probe = 0; probe < 40; ++probe) {
        const int64_t shift = static_cast<int64_t>(random() % (6 * 86400)) - 3 * 86400;
        const int64_t instant = absl::ToUnixMicros(time) + (probe == 0   ? 0
                                                            : probe == 1 ? -1
                                                                         : shift * second_us);
        const absl::Time absolute = absl::FromUnixMicros(instant);
        const auto civil = expected.At(absolute);
        ASSERT_EQ(actual.offset_seconds_at(instant), civil.offset)
            << name << " " << absl::FormatTime(absolute);
        const auto reading = expected.At(civil.cs);
        const bool repeated = reading.kind == absl::TimeZone::TimeInfo::REPEATED;
        const int64_t local = (civil.cs - absl::CivilSecond(1970, 1, 1)) * second_us;
        ASSERT_EQ(actual.to_instant(local),
                  absl::ToUnixMicros(repeated ? reading.post : reading.pre))
            << name << " " << absl::FormatTime(absolute);
      }
    }
  }
}

}  // namespace
}  // namespace sluice
