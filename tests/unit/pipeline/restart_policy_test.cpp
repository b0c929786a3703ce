#include "pipeline/restart_policy.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

const Error outage{ErrorCode::connection_failed, "no broker answers", Retry::later, {}};
const Error retriable_of_user{ErrorCode::decode_failed, "bad", Retry::later, {}};
const Error final_error{ErrorCode::fenced, "taken over", Retry::never, {}};

TEST(RestartPolicy, ErrorThatTryingAgainCannotMendFailsAtOnce) {
  RestartPolicy policy;
  EXPECT_EQ(policy.on_failure(final_error, false), std::nullopt);
  EXPECT_EQ(policy.on_failure(final_error, true), std::nullopt);
}

TEST(RestartPolicy, DelayDoublesUpToItsLimit) {
  RestartPolicy policy;
  int64_t expected_us = RestartPolicy::first_delay_us;
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(policy.on_failure(outage, false), expected_us) << "failure " << i;
    expected_us = std::min(expected_us * 2, RestartPolicy::longest_delay_us);
  }
}

TEST(RestartPolicy, OutageIsWaitedOutForEver) {
  RestartPolicy policy;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(policy.on_failure(outage, false).has_value()) << "failure " << i;
  }
}

TEST(RestartPolicy, CrashLoopFails) {
  RestartPolicy policy;
  for (int i = 1; i < RestartPolicy::crash_loop_failures; ++i) {
    ASSERT_TRUE(policy.on_failure(retriable_of_user, false).has_value()) << "failure " << i;
  }
  EXPECT_EQ(policy.on_failure(retriable_of_user, false), std::nullopt);
}

TEST(RestartPolicy, CompletedCheckpointEndsTheRow) {
  RestartPolicy policy;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(policy.on_failure(retriable_of_user, i % 5 == 0).has_value()) << "failure " << i;
  }
  EXPECT_EQ(policy.on_failure(outage, true), RestartPolicy::first_delay_us);
}

}  // namespace
}  // namespace sluice
