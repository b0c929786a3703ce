// What each kind of windows makes of its durations, and which windows a time is in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "support/golden_cases.hpp"
#include "support/window_settings.hpp"
#include "unit/windows/window_case.hpp"
#include "windows/kinds/session.hpp"
#include "windows/window_assigner.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

TEST(Windows, AreThoseOfEachCase) {
  check_golden_folder("tests/unit/windows/cases", window_case_text);
}

TEST(WindowFunctions, AreFoundByTheNameThatTheirWindowsHave) {
  const WindowFunctions functions;
  std::set<std::string> texts;
  for (const WindowFunction& function : functions.all()) {
    SCOPED_TRACE(std::string(function.name));
    EXPECT_EQ(functions.find(function.name), &function);
    const WindowPtr window = example_of(function);
    ASSERT_NE(window, nullptr);
    EXPECT_EQ(window->name(), function.name);
    EXPECT_TRUE(texts.insert(window->canonical_text("at")).second);
    EXPECT_TRUE(function.usage.starts_with(upper_name(function.name) + "(rel, ts, "));
  }
  EXPECT_EQ(functions.find("TUMBLE"), nullptr);
  EXPECT_EQ(functions.names(), "TUMBLE, HOP, CUMULATE, SESSION");
}

TEST(WindowFunctions, MakeWindowsWithAnAssignerAndALengthOrAPartition) {
  const WindowFunctions functions;
  for (const WindowFunction& function : functions.all()) {
    SCOPED_TRACE(std::string(function.name));
    const WindowPtr window = example_of(function);
    const auto assigner = window->assigner(TypeKind::timestamptz, TimeZone());
    EXPECT_EQ(assigner == nullptr, window->depends_on_rows());
    EXPECT_EQ(window->length().has_value(), !window->depends_on_rows());
    EXPECT_EQ(function.takes_partition, window->depends_on_rows());
    if (assigner == nullptr) continue;
    const WindowRun run = assigner->run_of(0);
    EXPECT_EQ(run.first_end_us != run.last_end_us, window->may_overlap());
    EXPECT_LE(run.first_end_us - assigner->start_of(run.first_end_us), window->length()->most_us);
    EXPECT_GE(run.first_end_us - assigner->start_of(run.first_end_us), window->length()->least_us);
  }
}

TEST(SessionWindow, KnowsItsGap) {
  EXPECT_EQ(SessionWindow(90 * second_us).gap_us(), 90 * second_us);
}

TEST(CarriedWindows, OfCarriedOnesAreThose) {
  const WindowPtr once = carried_windows(tumble(minute_us).window(), CarriedBy::end);
  EXPECT_EQ(carried_windows(once, CarriedBy::end)->canonical_text("at"),
            once->canonical_text("at"));
}

}  // namespace
}  // namespace sluice
