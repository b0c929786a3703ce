#include "base/assert.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(AssertDeathTest, FalseConditionStopsTheProcessWithCodeAndPlace) {
  EXPECT_DEATH(SLUICE_ASSERT(1 == 2, "numbers are odd"),
               "E9001 .*assert_test\\.cpp:[0-9]+: numbers are odd \\(1 == 2\\)");
}

TEST(Assert, TrueConditionIsEvaluatedOnce) {
  int evaluations = 0;
  SLUICE_ASSERT(++evaluations == 1, "evaluated once");
  EXPECT_EQ(evaluations, 1);
}

}  // namespace
}  // namespace sluice
