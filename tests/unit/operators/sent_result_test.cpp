#include "operators/aggregates/sent_result.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice {
namespace {

TEST(SentResult, HoldsBytesOfAnyLengthAndNone) {
  SentResult sent;
  EXPECT_FALSE(sent.get().has_value());
  for (const size_t size : {0u, 1u, 15u, 16u, 254u, 255u, 70'000u, 3u}) {
    const std::string result(size, 'x');
    sent.set(result);
    EXPECT_EQ(sent.get(), result);
    EXPECT_EQ(sent.owned_bytes(), size <= 15 ? 0 : size);
  }
  sent.clear();
  EXPECT_FALSE(sent.get().has_value());
}

TEST(SentResult, MovesWithItsTable) {
  std::vector<SentResult> table(2);
  table[0].set("short");
  table[1].set(std::string(100, 'l'));
  table.resize(1'000);
  EXPECT_EQ(table[0].get(), "short");
  EXPECT_EQ(table[1].get(), std::string(100, 'l'));
  table[0] = std::move(table[1]);
  EXPECT_EQ(table[0].get(), std::string(100, 'l'));
}

}  // namespace
}  // namespace sluice
