// What holds for every kind of windows that SQL names, whatever kinds there are.
#include <gtest/gtest.h>

#include <set>

#include "operators/windows/window_operators.hpp"
#include "unit/operators/aggregate_settings.hpp"
#include "windows/window_assigner.hpp"
#include "windows/window_functions.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

// One hour, two hours and so on, as many as the function needs.
WindowPtr window_of(const WindowFunction& function) {
  std::vector<WindowDuration> durations;
  for (size_t i = 0; i < function.least_durations; ++i) {
    durations.push_back({0, static_cast<int64_t>(i + 1) * hour_us});
  }
  MadeWindow made = function.make(durations);
  const auto* window = std::get_if<WindowPtr>(&made);
  return window == nullptr ? nullptr : *window;
}

TEST(WindowKinds, EachIsItsFunctionsAndHasAnOperator) {
  const WindowOperators operators;
  std::set<std::string> texts;
  const WindowFunctions functions;
  for (const WindowFunction& function : functions.all()) {
    SCOPED_TRACE(std::string(function.name));
    const WindowPtr window = window_of(function);
    ASSERT_NE(window, nullptr);
    EXPECT_EQ(window->name(), function.name);
    EXPECT_TRUE(texts.insert(window->canonical_text("at")).second);
    WindowAggregateSettings settings = windowed(tumble(hour_us), {count_rows()});
    settings.window = window;
    EXPECT_NE(operators.make(settings), nullptr);
  }
}

TEST(WindowKinds, EachHasAnAssignerAndALengthOrAPartition) {
  const WindowFunctions functions;
  for (const WindowFunction& function : functions.all()) {
    SCOPED_TRACE(std::string(function.name));
    const WindowPtr window = window_of(function);
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

}  // namespace
}  // namespace sluice
