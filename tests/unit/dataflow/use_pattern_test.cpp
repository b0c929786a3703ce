#include "dataflow/use_pattern.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

struct Case {
  const char* one;
  const char* other;
  bool may;
};

// Each both ways round.
TEST(UsePattern, ToldApartByTheTextsBeforeTheFirstColumnAndBehindTheLast) {
  constexpr Case cases[] = {
      {"table a", "table a", true},
      {"table a", "table ab", false},
      {"keys a:{}", "keys a:{}", true},
      {"keys a:{}", "keys a:{}:{}", true},
      {"keys a:{}", "keys a:b:{}", true},
      {"keys a:{}", "keys a:b", true},
      {"keys a:{}", "keys b:{}", false},
      {"keys a:{}", "keys ab:{}", false},
      {"keys a:{}:x", "keys a:{}:y", false},
      {"keys a:{}:x", "keys a:{}:{}", true},
      {"keys a:{} of one", "keys a:{} of other", false},
      {"keys a:{} of one", "keys a:b:{} of one", true},
  };
  for (const auto& [one, other, may] : cases) {
    EXPECT_EQ(may_write_the_same(one, other), may) << one << " and " << other;
    EXPECT_EQ(may_write_the_same(other, one), may) << other << " and " << one;
  }
}

}  // namespace
}  // namespace sluice
