// Two state folders of one pipeline and target: who may go on where the other has been.
#include <gmock/gmock.h>

#include "unit/checkpoint/coordinator_harness.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Takeover : public testing::Test {
 protected:
  // An epoch with this operation for the target.
  static void decide(CheckpointCoordinator& coordinator, const std::string& operation) {
    ASSERT_TRUE(CoordinatorHarness::spool(coordinator, 0, {operation}));
    const Status decided = CoordinatorHarness::checkpoint(coordinator, 10);
    ASSERT_TRUE(decided) << decided.error().to_string();
  }

  CoordinatorHarness harness_{{"one"}};
};

TEST_F(Takeover, TargetThatAnotherFolderLeftUnusedIsTakenOver) {
  const std::string first_folder = harness_.settings.folder;
  { const auto coordinator = harness_.open(); }
  const std::string first_uid = harness_.target("one").marker()->uid;
  harness_.settings.folder = "state/another";
  {
    const auto coordinator = harness_.open();
    EXPECT_NE(harness_.target("one").marker()->uid, first_uid);
    decide(*coordinator, "a1");
    ASSERT_TRUE(coordinator->wait_published(0));
  }
  EXPECT_THAT(harness_.shown("one"), ElementsAre("a1"));
  harness_.settings.folder = first_folder;
  const auto opened = harness_.try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::target_refused) << opened.error().to_string();
}

// Its epoch is decided, and nobody saw anything of it yet.
TEST_F(Takeover, TargetThatAnotherFolderTookBeforeTheFirstEpochIsTakenBack) {
  {
    const auto coordinator = harness_.open();
    decide(*coordinator, "a1");
  }
  const std::string first_folder = harness_.settings.folder;
  harness_.settings.folder = "state/another";
  { const auto coordinator = harness_.open(); }
  EXPECT_THAT(harness_.shown("one"), IsEmpty());
  harness_.settings.folder = first_folder;
  harness_.open()->stop();
  EXPECT_THAT(harness_.shown("one"), ElementsAre("a1"));
}

}  // namespace
}  // namespace sluice::test
