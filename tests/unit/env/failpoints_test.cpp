#include "env/failpoints.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace sluice {
namespace {

constexpr Failpoint point = Failpoint::publish_before;

TEST(Failpoints, UnarmedOnesCountAndPass) {
  Failpoints failpoints;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(failpoints.hit(point).has_value());
  EXPECT_EQ(failpoints.hits(point), 3u);
  EXPECT_EQ(failpoints.hits(Failpoint::publish_after), 0u);
}

TEST(Failpoints, ErrorIsReturnedOnceAtTheHitAskedFor) {
  Failpoints failpoints;
  ASSERT_TRUE(failpoints.arm("publish_before=error@2").has_value());
  EXPECT_TRUE(failpoints.hit(point).has_value());
  const Status failed = failpoints.hit(point);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().retry, Retry::later);
  EXPECT_EQ(failed.error().message, "failpoint publish_before");
  EXPECT_TRUE(failpoints.hit(point).has_value());
}

TEST(Failpoints, HitsAreCountedFromTheArming) {
  Failpoints failpoints;
  EXPECT_TRUE(failpoints.hit(point).has_value());
  failpoints.arm(point, Failpoints::Action::error, 1);
  EXPECT_FALSE(failpoints.hit(point).has_value());
}

TEST(Failpoints, SeveralAreArmedByOneText) {
  Failpoints failpoints;
  ASSERT_TRUE(failpoints.arm("publish_before=error,publish_after=error@1").has_value());
  EXPECT_FALSE(failpoints.hit(Failpoint::publish_before).has_value());
  EXPECT_FALSE(failpoints.hit(Failpoint::publish_after).has_value());
}

TEST(FailpointsDeathTest, KillEndsTheProcessAtOnce) {
  Failpoints failpoints;
  ASSERT_TRUE(failpoints.arm("publish_before=kill").has_value());
  EXPECT_EXIT(static_cast<void>(failpoints.hit(point)), testing::KilledBySignal(SIGKILL), "");
}

TEST(Failpoints, MalformedTextsAreRefused) {
  for (const char* text :
       {"publish_before", "nothing=kill", "publish_before=explode", "publish_before=kill@0",
        "publish_before=kill@x", "publish_before=kill@", "=kill", ",publish_before=kill"}) {
    Failpoints failpoints;
    const Status armed = failpoints.arm(text);
    ASSERT_FALSE(armed.has_value()) << text;
    EXPECT_EQ(armed.error().code, ErrorCode::invalid_value) << text;
  }
}

TEST(Failpoints, ThoseOfAConnectorAreArmedByNameOnceItHasDeclaredThem) {
  constexpr Failpoint own{"toy_after_rows", "rows written"};
  Failpoints failpoints;
  EXPECT_FALSE(failpoints.arm("toy_after_rows=error").has_value());
  failpoints.declare({&own, 1});
  ASSERT_TRUE(failpoints.arm("toy_after_rows=error").has_value());
  EXPECT_FALSE(failpoints.hit(own).has_value());
  EXPECT_EQ(failpoints.hits(own), 1u);
}

TEST(FailpointsDeathTest, OneThatNobodyDeclaredIsABug) {
  Failpoints failpoints;
  EXPECT_DEATH(static_cast<void>(failpoints.hit({"toy_after_rows", ""})), "nobody declares");
}

TEST(FailpointsDeathTest, NamesAreUnique) {
  Failpoints failpoints;
  EXPECT_DEATH(failpoints.declare({&point, 1}), "two failpoints of one name");
}

}  // namespace
}  // namespace sluice
