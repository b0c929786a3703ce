// What holds for every kind of windows that SQL names, whatever kinds there are.
#include <gtest/gtest.h>

#include "operators/windows/window_operators.hpp"
#include "unit/operators/aggregate_settings.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

TEST(WindowKinds, EachHasAnOperator) {
  const WindowOperators operators;
  const WindowFunctions functions;
  for (const WindowFunction& function : functions.all()) {
    SCOPED_TRACE(std::string(function.name));
    WindowAggregateSettings settings = windowed(tumble(hour_us), {count_rows()});
    settings.window = example_of(function);
    EXPECT_NE(operators.make(settings), nullptr);
  }
}

}  // namespace
}  // namespace sluice
