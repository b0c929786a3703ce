#include "checkpoint/checkpoint_coordinator.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <thread>

#include "env/metrics.hpp"
#include "unit/checkpoint/coordinator_harness.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class CoordinatorTest : public testing::Test {
 protected:
  void decide(CheckpointCoordinator& coordinator, int64_t offset) {
    const Status decided = CoordinatorHarness::checkpoint(coordinator, offset);
    ASSERT_TRUE(decided) << decided.error().to_string();
  }
  std::vector<std::string> one() { return harness_.shown("one"); }
  int64_t checkpoints(const std::string& result) {
    return harness_.counters.at(metrics::checkpoints, {{"pipeline", "trade"}, {"result", result}})
        .value();
  }

  CoordinatorHarness harness_;
};

TEST_F(CoordinatorTest, FreshFolderStartsAtEpochOneAndClaims) {
  const auto coordinator = harness_.open();
  EXPECT_FALSE(coordinator->restored().has_value());
  EXPECT_EQ(coordinator->current_epoch(), Epoch(1));
  EXPECT_TRUE(coordinator->may_begin());
  EXPECT_EQ(coordinator->next_snapshot_kind(), SnapshotKind::full);
  ASSERT_TRUE(harness_.target("one").marker().has_value());
  EXPECT_EQ(harness_.target("one").marker()->epoch, Epoch(0));
}

TEST_F(CoordinatorTest, RunsOnARealFilesystem) {
  const auto disk = make_posix_filesystem();
  harness_.filesystem = disk.get();
  std::string folder = testing::TempDir() + "sluice-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  harness_.settings.folder = folder + "/main.trade";
  for (int64_t offset = 1; offset <= 3; ++offset) {
    const auto coordinator = harness_.open();
    EXPECT_EQ(coordinator->current_epoch(), Epoch(static_cast<uint64_t>(offset)));
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {std::to_string(offset)}));
    decide(*coordinator, offset);
    const auto second = harness_.try_open();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::state_locked);
  }
  EXPECT_NE(harness_.open(), nullptr);
  EXPECT_THAT(one(), ElementsAre("1", "2", "3"));
  std::filesystem::remove_all(folder);
}

TEST_F(CoordinatorTest, NothingLeavesBeforeTheDecision) {
  const auto coordinator = harness_.open();
  ASSERT_TRUE(harness_.spool(*coordinator, 0, {"a", "b"}));
  ASSERT_TRUE(harness_.spool(*coordinator, 1, {"x"}));
  EXPECT_TRUE(coordinator->wait_published(0));
  EXPECT_THAT(one(), IsEmpty());
  decide(*coordinator, 10);
  EXPECT_TRUE(coordinator->wait_published(0));
  EXPECT_THAT(one(), ElementsAre("a", "b"));
  EXPECT_THAT(harness_.shown("two"), ElementsAre("x"));
  EXPECT_EQ(harness_.target("one").marker()->epoch, Epoch(1));
  EXPECT_EQ(checkpoints("completed"), 1);
}

TEST_F(CoordinatorTest, RestartRestoresProgressAndMergedState) {
  harness_.settings.full_snapshot_every = 3;
  {
    const auto coordinator = harness_.open();
    for (int64_t offset = 1; offset <= 8; ++offset) decide(*coordinator, offset);
  }
  const auto coordinator = harness_.open();
  ASSERT_TRUE(coordinator->restored().has_value());
  EXPECT_EQ(coordinator->restored()->epoch, Epoch(8));
  EXPECT_EQ(coordinator->restored()->progress, CoordinatorHarness::progress_at(8));
  EXPECT_FALSE(coordinator->restored()->closed);
  std::vector<std::string> state;
  ASSERT_TRUE(coordinator->read_state([&](std::string_view id, const StateEntry& entry) -> Status {
    state.push_back(std::string(id) + " " + std::string(entry.key) + "=" +
                    std::string(entry.value));
    return {};
  }));
  EXPECT_THAT(state, ElementsAre("step/count offset=8"));
}

// A source that is edited to another topic and back must not be read again from its start.
TEST_F(CoordinatorTest, ProgressOfASourceThatLeftIsKeptUntilItComesBack) {
  const auto sources = [](const CheckpointCoordinator& coordinator) {
    std::vector<std::string> texts;
    for (const SavedSplit& split : coordinator.restored()->progress.splits)
      texts.push_back(split.source + "@" + std::to_string(split.position.next_offset));
    return texts;
  };
  decide(*harness_.open(), 5);
  for (const int64_t offset : {1, 2})
    ASSERT_TRUE(harness_.checkpoint(*harness_.open(), offset, "kafka others"));
  {
    const auto coordinator = harness_.open();
    EXPECT_THAT(sources(*coordinator), ElementsAre("kafka others@2", "kafka orders@5"));
    decide(*coordinator, 9);
  }
  EXPECT_THAT(sources(*harness_.open()), ElementsAre("kafka orders@9", "kafka others@2"));
}

TEST_F(CoordinatorTest, SnapshotIsFullWhenTheSetOfStatefulStepsGrew) {
  {
    const auto coordinator = harness_.open();
    decide(*coordinator, 1);
    ASSERT_TRUE(coordinator->begin());
    EXPECT_EQ(coordinator->next_snapshot_kind(), SnapshotKind::delta);
  }
  harness_.settings.plan.states["step/new"] = state_of("v1");
  const auto coordinator = harness_.open();
  ASSERT_TRUE(coordinator->begin());
  EXPECT_EQ(coordinator->next_snapshot_kind(), SnapshotKind::full);
}

TEST_F(CoordinatorTest, ClosedCheckpointIsRestoredAsClosed) {
  {
    const auto coordinator = harness_.open();
    ASSERT_TRUE(coordinator->begin());
    ASSERT_TRUE(coordinator->complete({}, {}, true));
  }
  EXPECT_TRUE(harness_.open()->restored()->closed);
}

TEST_F(CoordinatorTest, OperationsOfTheNextEpochMayComeBeforeTheBarrierIsComplete) {
  const auto coordinator = harness_.open();
  ASSERT_TRUE(coordinator->begin());
  ASSERT_TRUE(coordinator->spool(0, 0, Epoch(2), framed({"next"}), 1));
  ASSERT_TRUE(coordinator->spool(0, 0, Epoch(1), framed({"this"}), 1));
  ASSERT_TRUE(coordinator->complete({}, {}, false));
  EXPECT_TRUE(coordinator->wait_published(0));
  EXPECT_THAT(one(), ElementsAre("this"));
  decide(*coordinator, 10);
  EXPECT_TRUE(coordinator->wait_published(0));
  EXPECT_THAT(one(), ElementsAre("this", "next"));
}

TEST_F(CoordinatorTest, TasksOfSeveralThreadsShareASpool) {
  const auto coordinator = harness_.open();
  std::vector<std::thread> tasks;
  for (int task = 0; task < 4; ++task) {
    tasks.emplace_back([&, task] {
      for (int i = 0; i < 200; ++i) {
        const std::string operation = std::to_string(task) + ":" + std::to_string(i);
        EXPECT_TRUE(harness_.spool(*coordinator, 0, {operation}));
      }
    });
  }
  for (std::thread& task : tasks) task.join();
  decide(*coordinator, 10);
  EXPECT_TRUE(coordinator->wait_published(0));
  std::map<char, int> next;
  for (const std::string& row : one()) {
    EXPECT_EQ(row.substr(2), std::to_string(next[row[0]]++)) << "out of the task's order";
  }
  EXPECT_THAT(one(), SizeIs(800));
}

TEST_F(CoordinatorTest, BarrierWaitsWhileATargetHasTooManyUnpublishedEpochs) {
  const auto coordinator = harness_.open();
  harness_.target("one").set_down(true);
  for (int64_t offset = 1; offset <= 3; ++offset) {
    EXPECT_TRUE(coordinator->may_begin());
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {std::to_string(offset)}));
    decide(*coordinator, offset);
  }
  EXPECT_FALSE(coordinator->may_begin());
  EXPECT_FALSE(coordinator->wait_published(0));
  EXPECT_EQ(coordinator->health()[0].unpublished_epochs, 3u);
  ASSERT_TRUE(coordinator->health()[0].last_error.has_value());
  EXPECT_EQ(coordinator->health()[0].last_error->code, ErrorCode::connection_failed);
  EXPECT_FALSE(coordinator->failure().has_value());
  harness_.target("one").set_down(false);
  EXPECT_TRUE(coordinator->wait_published(0));
  EXPECT_TRUE(coordinator->may_begin());
  EXPECT_THAT(one(), ElementsAre("1", "2", "3"));
}

TEST_F(CoordinatorTest, SpoolOverItsLimitIsFullUntilTheBarrier) {
  harness_.settings.spool_limit_bytes = 1000;
  const auto coordinator = harness_.open();
  ASSERT_TRUE(harness_.spool(*coordinator, 0, {std::string(900, 'x')}));
  EXPECT_FALSE(coordinator->is_spool_full(coordinator->current_epoch()));
  ASSERT_TRUE(harness_.spool(*coordinator, 0, {std::string(900, 'x')}));
  EXPECT_TRUE(coordinator->is_spool_full(coordinator->current_epoch()));
  decide(*coordinator, 10);
  EXPECT_FALSE(coordinator->is_spool_full(coordinator->current_epoch()));
}

TEST_F(CoordinatorTest, BudgetTooSmallForASpoolIsAnError) {
  MemoryPool small(1000);
  const auto opened = CheckpointCoordinator::open(harness_.settings, harness_.targets,
                                                  harness_.environment(), harness_.counters, small);
  ASSERT_TRUE(opened);
  const Status spooled = harness_.spool(**opened, 0, {"a"});
  ASSERT_FALSE(spooled);
  EXPECT_EQ(spooled.error().code, ErrorCode::budget_exceeded);
}

TEST_F(CoordinatorTest, AbandonedEpochIsPublishedWithTheNextInOrder) {
  const auto coordinator = harness_.open();
  decide(*coordinator, 1);
  ASSERT_TRUE(harness_.spool(*coordinator, 0, {"early"}));
  ASSERT_TRUE(coordinator->begin());
  ASSERT_TRUE(coordinator->spool(0, 0, Epoch(3), framed({"after"}), 1));
  ASSERT_TRUE(coordinator->abandon());
  EXPECT_EQ(checkpoints("abandoned"), 1);
  ASSERT_TRUE(coordinator->spool(0, 0, Epoch(2), framed({"late"}), 1));
  EXPECT_EQ(coordinator->next_snapshot_kind(), SnapshotKind::full);
  decide(*coordinator, 2);
  EXPECT_EQ(coordinator->health()[0].unpublished_epochs, 2u);
  EXPECT_TRUE(coordinator->wait_published(0));
  EXPECT_THAT(one(), ElementsAre("early", "late", "after"));
  EXPECT_EQ(harness_.target("one").rows()[1].epoch, Epoch(2));
  EXPECT_EQ(harness_.target("one").rows()[2].epoch, Epoch(3));
}

TEST_F(CoordinatorTest, AbandonedEpochIsPublishedAfterACrash) {
  {
    const auto coordinator = harness_.open();
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {"1"}));
    ASSERT_TRUE(coordinator->begin());
    ASSERT_TRUE(coordinator->abandon());
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {"2"}));
    decide(*coordinator, 2);
    harness_.target("one").plan(
        {TargetFault::none, TargetFault::down, TargetFault::down, TargetFault::down});
    EXPECT_FALSE(coordinator->wait_published(0));
    EXPECT_THAT(one(), ElementsAre("1"));
  }
  const auto coordinator = harness_.open();
  EXPECT_EQ(coordinator->restored()->epoch, Epoch(2));
  EXPECT_THAT(one(), ElementsAre("1", "2"));
}

TEST_F(CoordinatorTest, TooManyAbandonedInARowEndTheRun) {
  const auto coordinator = harness_.open();
  Status abandoned;
  int count = 0;
  while (abandoned && count < 100) {
    ASSERT_TRUE(coordinator->begin());
    abandoned = coordinator->abandon();
    ++count;
  }
  ASSERT_FALSE(abandoned);
  EXPECT_EQ(abandoned.error().code, ErrorCode::checkpoint_timeout);
  EXPECT_EQ(abandoned.error().retry, Retry::later);
}

TEST_F(CoordinatorTest, AnswerLostIsResolvedByTheMarker) {
  for (const TargetFault fault : {TargetFault::lost_applied, TargetFault::lost_dropped,
                                  TargetFault::pending_applied, TargetFault::pending_dropped}) {
    CoordinatorHarness harness({"one"});
    const auto coordinator = harness.open();
    ASSERT_TRUE(harness.spool(*coordinator, 0, {"a"}));
    ASSERT_TRUE(harness.checkpoint(*coordinator, 10));
    harness.target("one").plan({fault});
    EXPECT_TRUE(coordinator->wait_published(0));
    EXPECT_THAT(harness.shown("one"), ElementsAre("a"));
    const bool is_dropped =
        fault == TargetFault::lost_dropped || fault == TargetFault::pending_dropped;
    EXPECT_EQ(coordinator->health()[0].republished, is_dropped ? 1u : 0u);
    EXPECT_EQ(harness.target("one").unresolved_publishes(), 0u);
  }
}

TEST_F(CoordinatorTest, FinalErrorOfATargetIsTheRunsFailure) {
  const auto coordinator = harness_.open();
  ASSERT_TRUE(harness_.spool(*coordinator, 0, {"a"}));
  ASSERT_TRUE(harness_.spool(*coordinator, 1, {"b"}));
  decide(*coordinator, 10);
  harness_.target("one").plan({TargetFault::refused});
  EXPECT_FALSE(coordinator->wait_published(0));
  ASSERT_TRUE(coordinator->failure().has_value());
  EXPECT_EQ(coordinator->failure()->to_string(), "E4401 target one, epoch 1: refused");
  EXPECT_THAT(harness_.shown("two"), ElementsAre("b")) << "the other target was held up";
}

TEST_F(CoordinatorTest, DamagedSpoolIsFoundWhenItIsPublished) {
  const auto coordinator = harness_.open();
  ASSERT_TRUE(harness_.spool(*coordinator, 0, {"a"}));
  decide(*coordinator, 10);
  const std::string path = "state/main.trade/spool-1-one";
  std::string bytes = harness_.files.content(path);
  bytes[bytes.size() / 2] ^= 1;
  harness_.files.corrupt(path, bytes);
  EXPECT_FALSE(coordinator->wait_published(0));
  EXPECT_EQ(coordinator->failure()->code, ErrorCode::state_corrupt);
  EXPECT_THAT(one(), IsEmpty());
}

TEST_F(CoordinatorTest, FolderStaysBounded) {
  const auto coordinator = harness_.open();
  for (int64_t offset = 1; offset <= 40; ++offset) {
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {"a"}));
    decide(*coordinator, offset);
    ASSERT_TRUE(coordinator->wait_published(0));
  }
  const std::vector<std::string> names = harness_.files.list("state/main.trade").value();
  // LOCK, UID, two manifests, at most 16 states and those of the chain before, three spools.
  EXPECT_LE(names.size(), 40u);
  int manifests = 0;
  for (const std::string& name : names) {
    manifests += name.starts_with("MANIFEST-");
    EXPECT_FALSE(name.ends_with(".tmp")) << name;
  }
  EXPECT_EQ(manifests, 2);
}

// The publishing thread is not stopped while a checkpoint writes its files. Whenever it comes, the
// manifest must know where it left the target.
TEST_F(CoordinatorTest, PublishInTheMiddleOfADecisionIsKnownToTheNextStart) {
  {
    const auto coordinator = harness_.open();
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {"a"}));
    decide(*coordinator, 10);
    harness_.files.before_next_folder_sync([&] { coordinator->wait_published(0); });
    decide(*coordinator, 20);
    EXPECT_THAT(one(), ElementsAre("a"));
  }
  const auto coordinator = harness_.open();
  ASSERT_NE(coordinator, nullptr);
  EXPECT_EQ(coordinator->restored()->epoch, Epoch(2));
  EXPECT_THAT(one(), ElementsAre("a"));
}

TEST_F(CoordinatorTest, BackgroundThreadsPublishAndRetryUntilTheTargetIsBack) {
  harness_.settings.publish_in_background = true;
  const auto coordinator = harness_.open();
  harness_.target("one").set_down(true);
  ASSERT_TRUE(harness_.spool(*coordinator, 0, {"a"}));
  ASSERT_TRUE(harness_.spool(*coordinator, 1, {"b"}));
  decide(*coordinator, 10);
  while (!coordinator->health()[0].last_error) std::this_thread::yield();
  EXPECT_FALSE(coordinator->wait_published(harness_.clock.monotonic_us()));
  harness_.target("one").set_down(false);
  EXPECT_TRUE(coordinator->wait_published(INT64_MAX));
  EXPECT_THAT(one(), ElementsAre("a"));
  EXPECT_THAT(harness_.shown("two"), ElementsAre("b"));
  EXPECT_FALSE(coordinator->health()[0].last_error.has_value());
  coordinator->stop();
}

}  // namespace
}  // namespace sluice::test
