#include "windows/window_assigner.hpp"

#include <gtest/gtest.h>

#include "support/test_rows.hpp"
#include "support/window_settings.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

TEST(WindowAssigner, CutLeavesWindowsThatEndAfterTheHorizon) {
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

TEST(WindowAssigner, LargestSizesAndTimesDoNotOverflow) {
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
