#include "windows/window_assigner.hpp"

#include <gmock/gmock.h>

#include "support/test_rows.hpp"
#include "unit/operators/aggregate_settings.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

WindowSettings with_offset(WindowSettings window, int64_t offset_us) {
  window.offset_us = offset_us;
  return window;
}

struct Case {
  const char* name;
  WindowSettings window;
  const char* zone;
  const char* time;
  const char* first_start;
  const char* first_end;
  const char* last_end;
};

const Case cases[] = {
    {"TumbleHoldsItsStart", tumble(minute_us), "UTC", "00:05", "00:05", "00:06", "00:06"},
    {"TumbleEndsBeforeItsEnd", tumble(minute_us), "UTC", "00:05:59.999999", "00:05", "00:06",
     "00:06"},
    {"OffsetMovesAllWindows", with_offset(tumble(minute_us), 20 * second_us), "UTC", "00:05:10",
     "00:04:20", "00:05:20", "00:05:20"},
    {"NegativeOffset", with_offset(tumble(hour_us), -15 * minute_us), "UTC", "10:50", "10:45",
     "11:45", "11:45"},
    {"HoursCountFromMidnightOfTheZone", tumble(7 * hour_us), "Asia/Shanghai", "1999-12-31 16:00:00",
     "1999-12-31 16:00:00", "1999-12-31 23:00:00", "1999-12-31 23:00:00"},
    {"TimesBeforeTheOrigin", tumble(7 * hour_us), "UTC", "1999-12-31 23:00:00",
     "1999-12-31 17:00:00", "2000-01-01 00:00:00", "2000-01-01 00:00:00"},
    {"HopHasSizeOverSlideWindows", hop(minute_us, 5 * minute_us), "UTC", "00:10:30", "00:06",
     "00:11", "00:15"},
    {"HopThatDoesNotDivideItsSize", hop(2 * minute_us, 5 * minute_us), "UTC", "00:06:30", "00:02",
     "00:07", "00:11"},
    {"HopAtTheEndOfAWindow", hop(2 * minute_us, 5 * minute_us), "UTC", "00:07", "00:04", "00:09",
     "00:11"},
    {"CumulateCountsFromTheStart", cumulate(minute_us, hour_us), "UTC", "05:10:30", "05:00",
     "05:11", "06:00"},
    {"LastStepOfCumulate", cumulate(minute_us, hour_us), "UTC", "05:59:30", "05:00", "06:00",
     "06:00"},
    {"DayOfTheZone", calendar(tumble(0), 1), "Asia/Shanghai", "2024-01-01 16:00:00",
     "2024-01-01 16:00:00", "2024-01-02 16:00:00", "2024-01-02 16:00:00"},
    {"DayWithOffset", with_offset(calendar(tumble(0), 1), 6 * hour_us), "UTC", "05:00",
     "2023-12-31 06:00:00", "06:00", "06:00"},
    {"DayOf23Hours", calendar(tumble(0), 1), "Europe/Berlin", "2024-03-31 12:00:00",
     "2024-03-30 23:00:00", "2024-03-31 22:00:00", "2024-03-31 22:00:00"},
    {"DayOf25Hours", calendar(tumble(0), 1), "Europe/Berlin", "2024-10-27 22:59:59",
     "2024-10-26 22:00:00", "2024-10-27 23:00:00", "2024-10-27 23:00:00"},
    {"WeeksCountFromTheFirstOf2000", calendar(tumble(0), 7), "UTC", "2000-01-08 00:00:00",
     "2000-01-08 00:00:00", "2000-01-15 00:00:00", "2000-01-15 00:00:00"},
    {"HopOfDays", calendar(hop(24 * hour_us, 0), 7), "UTC", "2000-01-08 10:00:00",
     "2000-01-02 00:00:00", "2000-01-09 00:00:00", "2000-01-15 00:00:00"},
    {"DaysOfWhichTheLastIsLeapt", calendar(tumble(0), 2), "Pacific/Apia", "2011-12-29 12:00:00",
     "2011-12-29 10:00:00", "2011-12-30 10:00:00", "2011-12-30 10:00:00"},
    {"DaysOfWhichTheFirstIsLeapt", with_offset(calendar(tumble(0), 3), 24 * hour_us),
     "Pacific/Apia", "2011-12-30 12:00:00", "2011-12-30 10:00:00", "2012-01-01 10:00:00",
     "2012-01-01 10:00:00"},
    {"HopsThatEndAtALeaptDayAreTheWiderOne", calendar(hop(24 * hour_us, 0), 2), "Pacific/Apia",
     "2011-12-29 12:00:00", "2011-12-28 10:00:00", "2011-12-30 10:00:00", "2011-12-30 10:00:00"},
    {"MinutesOfADay", calendar(cumulate(minute_us, 0), 1), "Asia/Shanghai", "2024-01-01 15:59:30",
     "2023-12-31 16:00:00", "2024-01-01 16:00:00", "2024-01-01 16:00:00"},
    {"LastStepOfADayOf23HoursIsCut", calendar(cumulate(2 * hour_us, 0), 1), "Europe/Berlin",
     "2024-03-31 21:30:00", "2024-03-30 23:00:00", "2024-03-31 22:00:00", "2024-03-31 22:00:00"},
    {"WeeksFromMonday", with_offset(calendar(tumble(0), 7), 48 * hour_us), "Europe/Berlin",
     "2024-03-31 12:00:00", "2024-03-24 23:00:00", "2024-03-31 22:00:00", "2024-03-31 22:00:00"},
    {"WeeksFromMondayAtSix", with_offset(calendar(tumble(0), 7), 54 * hour_us), "UTC",
     "2000-01-03 05:59:59", "1999-12-27 06:00:00", "2000-01-03 06:00:00", "2000-01-03 06:00:00"},
    {"HoursOfADayFromSix", with_offset(cumulate(hour_us, 24 * hour_us), 6 * hour_us), "UTC",
     "05:30", "2023-12-31 06:00:00", "06:00", "06:00"},
    {"HoursOfADayOf23HoursFromSix", with_offset(calendar(cumulate(hour_us, 0), 1), 6 * hour_us),
     "Europe/Berlin", "2024-03-31 01:30:00", "2024-03-30 05:00:00", "2024-03-31 02:00:00",
     "2024-03-31 04:00:00"},
    {"DaysOfAWeekFromMonday", with_offset(calendar(cumulate(24 * hour_us, 0), 7), 48 * hour_us),
     "Europe/Berlin", "2024-03-29 12:00:00", "2024-03-24 23:00:00", "2024-03-29 23:00:00",
     "2024-03-31 22:00:00"},
    {"OffsetOfAnExactTimeIgnoresClocks", with_offset(tumble(2160 * hour_us), 2100 * hour_us),
     "Australia/Lord_Howe", "2000-03-28 02:00:00", "2000-03-28 01:00:00", "2000-06-26 01:00:00",
     "2000-06-26 01:00:00"},
    {"DaysOfAWeek", calendar(cumulate(24 * hour_us, 0), 7), "Europe/Berlin", "2024-03-31 12:00:00",
     "2024-03-29 23:00:00", "2024-03-31 22:00:00", "2024-04-05 22:00:00"},
};

TEST(WindowAssigner, WindowAssigner_FindsFirstAndLastWindow) {
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const auto assigner = each.window.assigner(TimeZone::load(each.zone).value());
    const WindowRun run = assigner->run_of(time_us(each.time));
    EXPECT_EQ(time_text(assigner->start_of(run.first_end_us)),
              time_text(time_us(each.first_start)));
    EXPECT_EQ(time_text(run.first_end_us), time_text(time_us(each.first_end)));
    EXPECT_EQ(time_text(run.last_end_us), time_text(time_us(each.last_end)));
    EXPECT_TRUE(run.holds(time_us(each.time)));
  }
}

TEST(WindowAssigner, WindowAssigner_SlicesHaveOneRunAndTheirNeighboursAnother) {
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const auto assigner = each.window.assigner(TimeZone::load(each.zone).value());
    WindowRun run = assigner->run_of(time_us(each.time));
    for (int i = 0; i < 200; ++i) {
      EXPECT_EQ(assigner->run_of(run.from_us), run);
      EXPECT_EQ(assigner->run_of(run.to_us - 1), run);
      const WindowRun next = assigner->run_of(run.to_us);
      EXPECT_EQ(next.from_us, run.to_us);
      EXPECT_FALSE(next.first_end_us == run.first_end_us && next.last_end_us == run.last_end_us);
      run = next;
    }
  }
}

TEST(WindowAssigner, WindowAssigner_CutLeavesWindowsThatEndAfterTheHorizon) {
  const auto assigner = hop(minute_us, 5 * minute_us).assigner(TimeZone());
  WindowRun run = assigner->run_of(time_us("00:10:30"));
  EXPECT_TRUE(assigner->cut(run, time_us("00:10:59")));
  EXPECT_EQ(time_text(run.first_end_us), "00:11:00");
  EXPECT_TRUE(assigner->cut(run, time_us("00:11")));
  EXPECT_EQ(time_text(run.first_end_us), "00:12:00");
  EXPECT_TRUE(assigner->cut(run, time_us("00:13:30")));
  EXPECT_EQ(time_text(run.first_end_us), "00:14:00");
  EXPECT_EQ(time_text(run.last_end_us), "00:15:00");
  EXPECT_FALSE(assigner->cut(run, time_us("00:15")));
}

TEST(WindowAssigner, WindowAssigner_TimestampsHaveNoZone) {
  WindowSettings window = calendar(tumble(0), 1);
  window.time_type = TypeKind::timestamp;
  const auto assigner = window.assigner(TimeZone::load("Asia/Shanghai").value());
  EXPECT_EQ(time_text(assigner->run_of(time_us("15:00")).first_end_us), "2024-01-02 00:00:00");
}

TEST(WindowAssigner, WindowAssigner_CarriedStartEndsASizeLater) {
  WindowSettings window = tumble(minute_us);
  window.kind = WindowSettings::Kind::carried_start;
  const auto assigner = window.assigner(TimeZone());
  const WindowRun run = assigner->run_of(time_us("00:05"));
  EXPECT_EQ(time_text(run.first_end_us), "00:06:00");
  EXPECT_EQ(time_text(assigner->start_of(run.first_end_us)), "00:05:00");
}

TEST(WindowAssigner, WindowAssigner_LargestSizesAndTimesDoNotOverflow) {
  const auto assigner = hop(INT64_MAX / 2, INT64_MAX).assigner(TimeZone());
  for (const int64_t time_us :
       {1 - WindowAssigner::latest_time_us, WindowAssigner::latest_time_us - 1}) {
    EXPECT_GT(assigner->run_of(time_us).first_end_us, time_us);
  }
  EXPECT_FALSE(WindowAssigner::is_in_range(timestamp_infinity));
  EXPECT_FALSE(WindowAssigner::is_in_range(timestamp_minus_infinity));
}

}  // namespace
}  // namespace sluice
