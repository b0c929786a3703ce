// The recovery table of checkpoint/PROTOCOL.md on the whole coordinator: a fault, a start, what
// each target shows afterwards. Rows that need a real server have their tests beside the
// connectors.
#include <gmock/gmock.h>

#include "unit/checkpoint/coordinator_harness.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char folder[] = "state/main.trade/";

class Recovery : public testing::Test {
 protected:
  // One epoch with one operation for each target that `operations` has one for.
  void epoch(CheckpointCoordinator& coordinator, const std::vector<std::string>& operations,
             int64_t offset) {
    for (size_t target = 0; target < operations.size(); ++target) {
      if (operations[target].empty()) continue;
      ASSERT_TRUE(CoordinatorHarness::spool(coordinator, target, {operations[target]}));
    }
    const Status decided = CoordinatorHarness::checkpoint(coordinator, offset);
    ASSERT_TRUE(decided) << decided.error().to_string();
  }
  void expect_refused(ErrorCode code, const std::string& named) {
    const auto opened = harness_.try_open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, code) << opened.error().to_string();
    EXPECT_EQ(opened.error().retry, Retry::never);
    EXPECT_THAT(opened.error().message, HasSubstr(named));
  }
  std::vector<std::string> one() { return harness_.shown("one"); }
  std::vector<std::string> two() { return harness_.shown("two"); }

  CoordinatorHarness harness_;
};

TEST_F(Recovery, FaultBeforeTheRenameReplaysFromTheCheckpointBefore) {
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a1"}, 10);
    coordinator->wait_published(0);
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {"a2"}));
    harness_.failpoints.arm(Failpoint::checkpoint_before_rename, Failpoints::Action::error);
    EXPECT_FALSE(harness_.checkpoint(*coordinator, 20));
  }
  const auto coordinator = harness_.open();
  EXPECT_EQ(coordinator->restored()->epoch, Epoch(1));
  EXPECT_EQ(coordinator->restored()->progress, CoordinatorHarness::progress_at(10));
  EXPECT_THAT(one(), ElementsAre("a1"));
  EXPECT_FALSE(harness_.files.exists(std::string(folder) + "MANIFEST-2.tmp"));
  EXPECT_FALSE(harness_.files.exists(std::string(folder) + "spool-2-one"));
}

TEST_F(Recovery, ManifestThatAStartFoundSurvivesALaterLossOfPower) {
  {
    const auto coordinator = harness_.open();
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {"a1"}));
    harness_.failpoints.arm(Failpoint::checkpoint_after_rename, Failpoints::Action::error);
    EXPECT_FALSE(harness_.checkpoint(*coordinator, 10));
  }
  { const auto coordinator = harness_.open(); }
  EXPECT_THAT(one(), ElementsAre("a1"));
  harness_.files.lose_power();
  const auto coordinator = harness_.open();
  ASSERT_TRUE(coordinator->restored().has_value());
  EXPECT_THAT(one(), ElementsAre("a1"));
}

TEST_F(Recovery, ManifestThatOutlivesAPowerCutFindsItsFiles) {
  {
    const auto coordinator = harness_.open();
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {"a1"}));
    harness_.failpoints.arm(Failpoint::checkpoint_after_rename, Failpoints::Action::error);
    EXPECT_FALSE(harness_.checkpoint(*coordinator, 10));
  }
  harness_.files.lose_power(
      0, [](const std::string& path) { return path.find("MANIFEST") != std::string::npos; });
  const auto coordinator = harness_.open();
  EXPECT_EQ(coordinator->restored()->epoch, Epoch(1));
  EXPECT_THAT(one(), ElementsAre("a1"));
}

TEST_F(Recovery, OneTargetPublishedAnotherNotPublishesWhatEachLacks) {
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a1", "b1"}, 10);
    harness_.target("two").set_down(true);
    EXPECT_FALSE(coordinator->wait_published(0));
  }
  EXPECT_THAT(one(), ElementsAre("a1"));
  EXPECT_THAT(two(), IsEmpty());
  harness_.target("two").set_down(false);
  const auto coordinator = harness_.open();
  EXPECT_THAT(one(), ElementsAre("a1"));
  EXPECT_THAT(two(), ElementsAre("b1"));
}

TEST_F(Recovery, OlderSpoolUnpublishedWhileNewerEpochsAreEmpty) {
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"", "b1"}, 10);
    for (int64_t offset = 20; offset < 60; offset += 10) epoch(*coordinator, {"a"}, offset);
  }
  const auto coordinator = harness_.open();
  EXPECT_THAT(two(), ElementsAre("b1"));
  EXPECT_THAT(one(), ElementsAre("a", "a", "a", "a"));
  EXPECT_EQ(harness_.target("two").marker()->epoch, Epoch(1));
}

TEST_F(Recovery, FirstEpochOfANewTargetDecidedThenCrash) {
  harness_.settings.exactly_once = true;
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a1", "b1"}, 10);
  }
  EXPECT_EQ(harness_.target("one").marker()->epoch, Epoch(0));
  const auto coordinator = harness_.open();
  EXPECT_THAT(one(), ElementsAre("a1"));
  EXPECT_THAT(two(), ElementsAre("b1"));
}

TEST_F(Recovery, CommitOfAPredecessorThatHangsIsWaitedOutByTheClaim) {
  for (const TargetFault fault : {TargetFault::pending_applied, TargetFault::pending_dropped}) {
    CoordinatorHarness harness({"one"});
    {
      const auto coordinator = harness.open();
      ASSERT_TRUE(harness.spool(*coordinator, 0, {"a1"}));
      ASSERT_TRUE(harness.checkpoint(*coordinator, 10));
      harness.target("one").plan({fault});
      harness.failpoints.arm(Failpoint::publish_before, Failpoints::Action::error, 2);
      coordinator->wait_published(0);
    }
    const auto coordinator = harness.open();
    EXPECT_THAT(harness.shown("one"), ElementsAre("a1"));
  }
}

TEST_F(Recovery, BetweenTwoChunksContinuesWhereTheMarkerSays) {
  harness_.target("one").set_chunked(true);
  {
    const auto coordinator = harness_.open();
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {"a", "b", "c", "d"}));
    ASSERT_TRUE(harness_.checkpoint(*coordinator, 10));
    harness_.target("one").plan({TargetFault::half_written, TargetFault::down, TargetFault::down});
    EXPECT_FALSE(coordinator->wait_published(0));
    EXPECT_THAT(one(), ElementsAre("a", "b"));
  }
  const auto coordinator = harness_.open();
  EXPECT_THAT(one(), ElementsAre("a", "b", "c", "d"));
}

TEST_F(Recovery, TargetRestoredFromABackupGetsRetainedSpoolsAgain) {
  harness_.settings.retain_spools = 3;
  FakeTarget::Backup backup;
  {
    const auto coordinator = harness_.open();
    for (int64_t offset = 1; offset <= 6; ++offset) {
      epoch(*coordinator, {"a" + std::to_string(offset)}, offset);
      ASSERT_TRUE(coordinator->wait_published(0));
      if (offset == 3) backup = harness_.target("one").back_up();
    }
  }
  harness_.target("one").restore(backup);
  EXPECT_THAT(one(), ElementsAre("a1", "a2", "a3"));
  const auto coordinator = harness_.open();
  EXPECT_THAT(one(), ElementsAre("a1", "a2", "a3", "a4", "a5", "a6"));
}

TEST_F(Recovery, TargetRestoredFromAnOlderBackupThanTheSpoolsIsRefused) {
  FakeTarget::Backup backup;
  {
    const auto coordinator = harness_.open();
    for (int64_t offset = 1; offset <= 4; ++offset) {
      epoch(*coordinator, {"a" + std::to_string(offset)}, offset);
      ASSERT_TRUE(coordinator->wait_published(0));
      if (offset == 1) backup = harness_.target("one").back_up();
    }
  }
  harness_.target("one").restore(backup);
  expect_refused(ErrorCode::target_refused, "one");
  EXPECT_THAT(one(), ElementsAre("a1"));
}

TEST_F(Recovery, AnotherOwnerFencesTheOldProcessAndIsUnharmed) {
  const auto coordinator = harness_.open();
  epoch(*coordinator, {"a1"}, 10);
  const Marker before = *harness_.target("one").marker();
  auto other = harness_.target("one").connect({"main.trade.one.0", before.uid, "new owner"});
  ASSERT_TRUE((*other)->claim(before));
  EXPECT_FALSE(coordinator->wait_published(0));
  ASSERT_TRUE(coordinator->failure().has_value());
  EXPECT_EQ(coordinator->failure()->code, ErrorCode::fenced);
  EXPECT_EQ(coordinator->failure()->retry, Retry::never);
  EXPECT_THAT(one(), IsEmpty());
  EXPECT_EQ(harness_.target("one").marker()->owner, "new owner");
}

TEST_F(Recovery, ProcessThatWakesInTheMiddleOfACommitIsFenced) {
  const auto coordinator = harness_.open();
  epoch(*coordinator, {"a1"}, 10);
  harness_.target("one").plan(
      {TargetFault::lost_dropped, TargetFault::lost_dropped, TargetFault::lost_dropped});
  EXPECT_FALSE(coordinator->wait_published(0));
  const Marker before = *harness_.target("one").marker();
  auto other = harness_.target("one").connect({"main.trade.one.0", before.uid, "new owner"});
  ASSERT_TRUE((*other)->claim(before));
  EXPECT_FALSE(coordinator->wait_published(0));
  EXPECT_EQ(coordinator->failure()->code, ErrorCode::fenced);
}

TEST_F(Recovery, FailedSyncOrFullDiskEndsTheRunForGood) {
  for (const FileOperation fault : {FileOperation::sync, FileOperation::append,
                                    FileOperation::sync_directory, FileOperation::rename}) {
    CoordinatorHarness harness;
    const auto coordinator = harness.open();
    ASSERT_TRUE(harness.spool(*coordinator, 0, {"a1"}));
    harness.files.fail_nth(fault, 1);
    const Status decided = harness.checkpoint(*coordinator, 10);
    ASSERT_FALSE(decided);
    EXPECT_EQ(decided.error().code, ErrorCode::io_failed);
    EXPECT_EQ(decided.error().retry, Retry::never);
    EXPECT_FALSE(coordinator->may_begin());
    EXPECT_FALSE(coordinator->begin()) << "a broken coordinator went on";
    EXPECT_EQ(harness.files.uses_after_failed_sync(), 0u);
    EXPECT_THAT(harness.shown("one"), IsEmpty());
  }
}

TEST_F(Recovery, BitRotInAnyReachedFileIsRefusedByName) {
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a1", "b1"}, 10);
    epoch(*coordinator, {"a2", "b2"}, 20);
  }
  for (const std::string name :
       {"MANIFEST-2", "state-1", "state-2", "spool-1-one", "spool-2-two", "UID"}) {
    const std::string path = folder + name;
    const std::string sound = harness_.files.content(path);
    ASSERT_FALSE(sound.empty()) << name;
    std::string damaged = sound;
    damaged[damaged.size() / 2] ^= 1;
    harness_.files.corrupt(path, damaged);
    expect_refused(ErrorCode::state_corrupt, name);
    harness_.files.corrupt(path, sound);
    EXPECT_EQ(harness_.files.content(path), sound) << "a refused start changed a file";
  }
  EXPECT_THAT(one(), IsEmpty()) << "something was published before all was verified";
  harness_.open();
  EXPECT_THAT(one(), ElementsAre("a1", "a2"));
}

TEST_F(Recovery, MissingFileIsRefusedByName) {
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a1"}, 10);
  }
  ASSERT_TRUE(harness_.files.remove(std::string(folder) + "spool-1-one"));
  expect_refused(ErrorCode::state_corrupt, "spool-1-one");
}

TEST_F(Recovery, FolderOlderThanTheTargetIsRefusedBeforeClaiming) {
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a1"}, 10);
    epoch(*coordinator, {"a2"}, 20);
    ASSERT_TRUE(coordinator->wait_published(0));
  }
  ASSERT_TRUE(harness_.files.remove(std::string(folder) + "MANIFEST-2"));
  const Marker before = *harness_.target("one").marker();
  expect_refused(ErrorCode::target_refused, "one");
  EXPECT_EQ(harness_.target("one").marker()->owner, before.owner);
}

TEST_F(Recovery, AnotherFolderForTheSameTargetIsRefusedBeforeClaiming) {
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a1"}, 10);
    ASSERT_TRUE(coordinator->wait_published(0));
  }
  const Marker before = *harness_.target("one").marker();
  harness_.settings.folder = "state/copy";
  expect_refused(ErrorCode::target_refused, "one");
  EXPECT_EQ(harness_.target("one").marker()->owner, before.owner);
}

TEST_F(Recovery, SecondProcessOnTheFolderIsRefused) {
  const auto coordinator = harness_.open();
  expect_refused(ErrorCode::state_locked, "LOCK");
}

TEST_F(Recovery, EditedSinkIsPublishedByTheDefinitionOfItsSpool) {
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a1"}, 10);
  }
  harness_.targets[0].sinks = {{"sink_one", "a new definition", false}};
  const auto coordinator = harness_.open();
  EXPECT_EQ(harness_.target("one").rows()[0].sink, "definition of one");
  epoch(*coordinator, {"a2"}, 20);
  ASSERT_TRUE(coordinator->wait_published(0));
  EXPECT_EQ(harness_.target("one").rows()[1].sink, "a new definition");
}

TEST_F(Recovery, TargetRemovedWithSpoolsPendingIsRefusedUntilTheOldFileRan) {
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a1", "b1"}, 10);
  }
  const CheckpointTarget removed = harness_.targets[1];
  harness_.targets.pop_back();
  expect_refused(ErrorCode::state_incompatible, "start once with the old file");
  harness_.targets.push_back(removed);
  harness_.open()->stop();
  EXPECT_THAT(two(), ElementsAre("b1"));
  harness_.targets.pop_back();
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a2"}, 20);
    coordinator->stop();
  }
  // It is remembered where the target was left, so that it may come back.
  harness_.targets.push_back(removed);
  const auto coordinator = harness_.open();
  epoch(*coordinator, {"", "b3"}, 30);
  ASSERT_TRUE(coordinator->wait_published(0));
  EXPECT_THAT(two(), ElementsAre("b1", "b3"));
}

TEST_F(Recovery, ConnectionMovedWithSpoolsPendingIsRefused) {
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a1"}, 10);
  }
  FakeTarget elsewhere("another system");
  harness_.targets[0].make_publisher = [&](const PublisherIds& ids) {
    return elsewhere.connect(ids);
  };
  expect_refused(ErrorCode::state_incompatible, "one");
  EXPECT_FALSE(elsewhere.marker().has_value());
}

TEST_F(Recovery, ConnectionMovedAfterACleanStopStartsANewTarget) {
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a1"}, 10);
    ASSERT_TRUE(coordinator->wait_published(0));
    coordinator->stop();
  }
  FakeTarget elsewhere("another system");
  harness_.targets[0].make_publisher = [&](const PublisherIds& ids) {
    return elsewhere.connect(ids);
  };
  for (int64_t offset : {20, 30}) {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a" + std::to_string(offset)}, offset);
  }
  const auto coordinator = harness_.open();
  ASSERT_EQ(elsewhere.rows().size(), 2u);
  EXPECT_EQ(elsewhere.rows()[0].bytes, "a20");
  EXPECT_EQ(elsewhere.rows()[1].bytes, "a30");
}

TEST_F(Recovery, TwoConnectionsToOneSystemAreRefused) {
  FakeTarget& system = harness_.target("one");
  harness_.targets[1].make_publisher = [&](const PublisherIds& ids) { return system.connect(ids); };
  expect_refused(ErrorCode::conflicting_fields, "connections one and two");
}

TEST_F(Recovery, ChangedStatefulStepIsRefused) {
  {
    const auto coordinator = harness_.open();
    epoch(*coordinator, {"a1"}, 10);
  }
  harness_.settings.plan.states["step/count"] = state_of("v2");
  expect_refused(ErrorCode::state_incompatible, "step/count");
  EXPECT_THAT(one(), IsEmpty());
}

TEST_F(Recovery, UnreachableTargetAtStartIsTriedLater) {
  harness_.target("two").set_down(true);
  const auto opened = harness_.try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().retry, Retry::later);
  harness_.target("two").set_down(false);
  EXPECT_NE(harness_.open(), nullptr);
}

}  // namespace
}  // namespace sluice::test
