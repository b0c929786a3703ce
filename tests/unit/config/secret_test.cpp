#include "config/secret.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace sluice {
namespace {

// The object's own bytes, where a short text lies.
std::string_view bytes_of(const Secret& secret) {
  return {reinterpret_cast<const char*>(&secret), sizeof secret};
}

TEST(Secret, LeavesNothingWhereItWasMovedFrom) {
  Secret first("hunter2");
  ASSERT_NE(bytes_of(first).find("hunter2"), std::string_view::npos) << "it would show";
  const Secret second(std::move(first));
  EXPECT_EQ(bytes_of(first).find("hunter2"), std::string_view::npos);
  EXPECT_EQ(second.reveal(), "hunter2");
}

TEST(Secret, LeavesNothingOfWhatWasAssignedTo) {
  Secret secret("hunter2");
  Secret other("x");
  secret = std::move(other);
  EXPECT_EQ(secret.reveal(), "x");
  EXPECT_TRUE(other.empty());
  EXPECT_EQ(bytes_of(secret).find("unter2"), std::string_view::npos);
  EXPECT_EQ(bytes_of(other).find("unter2"), std::string_view::npos);
  other = secret;
  EXPECT_EQ(other.reveal(), "x");
}

}  // namespace
}  // namespace sluice
