#include "base/closest_name.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

const std::vector<std::string> known = {"order_id", "order_status", "user_id", "ts"};

TEST(ClosestName, FindsOneOrTwoSlipsOfTheKeyboard) {
  EXPECT_EQ(closest_name("order_idd", known), "order_id");
  EXPECT_EQ(closest_name("oredr_id", known), "order_id");
  EXPECT_EQ(closest_name("usr_id", known), "user_id");
  EXPECT_EQ(closest_name("st", known), "ts");
}

TEST(ClosestName, FarNamesAndHugeOnesHaveNone) {
  EXPECT_EQ(closest_name("amount", known), "");
  EXPECT_EQ(closest_name("", known), "");
  EXPECT_EQ(closest_name(std::string(10'000, 'x'), known), "");
  EXPECT_EQ(closest_name("order_id", {}), "");
}

TEST(DidYouMean, IsAClauseOrEmpty) {
  EXPECT_EQ(did_you_mean("order_idd", known), "did you mean \"order_id\"?");
  EXPECT_EQ(did_you_mean("amount", known), "");
}

}  // namespace
}  // namespace sluice
