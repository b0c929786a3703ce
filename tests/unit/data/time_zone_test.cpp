#include "data/time_zone.hpp"

#include <absl/time/time.h>
#include <gtest/gtest.h>

#include <random>

#include "data/type.hpp"

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
