// Two state folders of one pipeline and target: who may go on where the other has been.
#include <gmock/gmock.h>

#include "unit/checkpoint/coordinator_harness.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
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

// Only a start that somebody asks for takes over.
TEST_F(Takeover, ARestartDoesNotTakeWhatAnotherFolderHasTakenSince) {
  std::map<std::string, std::string> first_seen;
  harness_.settings.first_seen = &first_seen;
  { const auto coordinator = harness_.open(); }
  { const auto restarted = harness_.open(); }
  const std::string first_folder = harness_.settings.folder;
  harness_.settings.folder = "state/another";
  harness_.settings.first_seen = nullptr;
  { const auto coordinator = harness_.open(); }
  const std::string taken_by = harness_.target("one").marker()->uid;
  harness_.settings.folder = first_folder;
  harness_.settings.first_seen = &first_seen;
  const auto restarted = harness_.try_open();
  ASSERT_FALSE(restarted);
  EXPECT_EQ(restarted.error().code, ErrorCode::target_refused);
  EXPECT_THAT(restarted.error().message, HasSubstr("since this pipeline was started"));
  EXPECT_EQ(harness_.target("one").marker()->uid, taken_by);
  first_seen.clear();
  EXPECT_TRUE(harness_.try_open()) << "a new process";
}

TEST_F(Takeover, ARestartTakesWhatAnotherFolderHadLeftBefore) {
  { const auto coordinator = harness_.open(); }
  harness_.settings.folder = "state/another";
  std::map<std::string, std::string> first_seen;
  harness_.settings.first_seen = &first_seen;
  harness_.settings.before_taking = [] {
    return Status(fail_retriable(ErrorCode::topic_missing, "no topic"));
  };
  ASSERT_FALSE(harness_.try_open());
  harness_.settings.before_taking = nullptr;
  EXPECT_TRUE(harness_.try_open());
}

TEST_F(Takeover, ARunThatCannotBeginTakesNoTarget) {
  const auto refuse = [] { return Status(fail_retriable(ErrorCode::topic_missing, "no topic")); };
  harness_.settings.before_taking = refuse;
  const auto first = harness_.try_open();
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, ErrorCode::topic_missing);
  EXPECT_FALSE(harness_.target("one").marker());
  harness_.settings.before_taking = nullptr;
  { const auto coordinator = harness_.open(); }
  harness_.settings.before_taking = refuse;
  EXPECT_TRUE(harness_.try_open()) << "of its own it takes none";
  harness_.settings.folder = "state/another";
  EXPECT_FALSE(harness_.try_open());
}

}  // namespace
}  // namespace sluice::test
