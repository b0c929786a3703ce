// What is not a plain row: rejects and their dead letters, and delivery at least once.
#include <gmock/gmock.h>

#include "unit/checkpoint/coordinator_harness.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Rejects : public testing::Test {
 protected:
  Rejects() : harness_({"db"}) {
    harness_.target("db").reject([](const std::string& bytes) { return bytes == "bad"; });
  }
  void decide(CheckpointCoordinator& coordinator, const std::vector<std::string>& operations) {
    ASSERT_TRUE(harness_.spool(coordinator, 0, operations));
    ASSERT_TRUE(harness_.checkpoint(coordinator, ++offset_));
  }

  CoordinatorHarness harness_;
  int64_t offset_ = 0;
};

TEST_F(Rejects, BecomeLettersOfTheirSinkOnce) {
  const auto coordinator = harness_.open();
  decide(*coordinator, {"a", "bad", "b"});
  EXPECT_FALSE(coordinator->has_rejects());
  ASSERT_TRUE(coordinator->wait_published(0));
  EXPECT_THAT(harness_.shown("db"), ElementsAre("a", "b"));
  EXPECT_TRUE(coordinator->has_rejects());
  const auto letters = coordinator->take_rejects();
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].step, "sink_db");
  EXPECT_EQ(letters[0].error.code, ErrorCode::sink_rejected);
  EXPECT_THAT(letters[0].error.message, HasSubstr("bad"));
  EXPECT_EQ(letters[0].payload_base64, "YmFk");
  EXPECT_FALSE(coordinator->has_rejects());
  EXPECT_THAT(coordinator->take_rejects(), IsEmpty());
}

TEST_F(Rejects, ComeAgainAfterACrashBeforeTheirFolding) {
  {
    const auto coordinator = harness_.open();
    decide(*coordinator, {"bad"});
    ASSERT_TRUE(coordinator->wait_published(0));
    EXPECT_THAT(coordinator->take_rejects(), SizeIs(1));
  }
  const auto coordinator = harness_.open();
  EXPECT_THAT(coordinator->take_rejects(), SizeIs(1));
}

TEST_F(Rejects, NeverComeAgainAfterTheirFolding) {
  {
    const auto coordinator = harness_.open();
    decide(*coordinator, {"bad"});
    ASSERT_TRUE(coordinator->wait_published(0));
    EXPECT_THAT(coordinator->take_rejects(), SizeIs(1));
    decide(*coordinator, {});
  }
  const auto coordinator = harness_.open();
  EXPECT_THAT(coordinator->take_rejects(), IsEmpty());
}

TEST_F(Rejects, OfTheEpochThatWasUnderWayAtTheCrashComeAtTheStart) {
  {
    const auto coordinator = harness_.open();
    decide(*coordinator, {"a", "bad"});
    harness_.target("db").plan({TargetFault::lost_applied, TargetFault::none});
    harness_.failpoints.arm(Failpoint::publish_before, Failpoints::Action::error, 2);
  }
  {
    const auto coordinator = harness_.open();
    EXPECT_THAT(coordinator->take_rejects(), SizeIs(1));
  }
  const auto coordinator = harness_.open();
  EXPECT_THAT(coordinator->take_rejects(), SizeIs(1));
  EXPECT_THAT(harness_.shown("db"), ElementsAre("a"));
}

TEST_F(Rejects, OfAnAttemptThatWasNotCommittedAreForgotten) {
  const auto coordinator = harness_.open();
  decide(*coordinator, {"a", "bad"});
  harness_.target("db").plan(
      {TargetFault::lost_dropped, TargetFault::lost_dropped, TargetFault::lost_dropped});
  EXPECT_FALSE(coordinator->wait_published(0));
  harness_.target("db").reject(nullptr);
  EXPECT_TRUE(coordinator->wait_published(0));
  EXPECT_THAT(coordinator->take_rejects(), IsEmpty());
  EXPECT_THAT(harness_.shown("db"), ElementsAre("a", "bad"));
  EXPECT_FALSE(harness_.files.exists("state/main.trade/rejects-1-db"));
}

// A file of an epoch before the marker's is trusted, so the deletion of a forgotten one must last.
TEST_F(Rejects, ForgottenOnesDoNotComeBackWithALossOfPower) {
  {
    const auto coordinator = harness_.open();
    decide(*coordinator, {"a", "bad"});
    harness_.target("db").plan(
        {TargetFault::lost_dropped, TargetFault::lost_dropped, TargetFault::lost_dropped});
    EXPECT_FALSE(coordinator->wait_published(0));
    decide(*coordinator, {"b"});
    harness_.target("db").reject(nullptr);
    EXPECT_TRUE(coordinator->wait_published(0));
  }
  harness_.files.lose_power();
  const auto coordinator = harness_.open();
  EXPECT_THAT(harness_.shown("db"), ElementsAre("a", "bad", "b"));
  EXPECT_THAT(coordinator->take_rejects(), IsEmpty());
}

TEST_F(Rejects, OfTheDeadLetterSinkItselfStopThePipeline) {
  harness_.targets[0].sinks[0].takes_dead_letters = true;
  const auto coordinator = harness_.open();
  decide(*coordinator, {"a", "bad"});
  EXPECT_FALSE(coordinator->wait_published(0));
  ASSERT_TRUE(coordinator->failure().has_value());
  EXPECT_EQ(coordinator->failure()->code, ErrorCode::sink_rejected);
  EXPECT_THAT(harness_.shown("db"), IsEmpty());
}

TEST_F(Rejects, DamagedFileIsRefusedByName) {
  {
    const auto coordinator = harness_.open();
    decide(*coordinator, {"bad"});
    ASSERT_TRUE(coordinator->wait_published(0));
  }
  const std::string path = "state/main.trade/rejects-1-db";
  std::string bytes = harness_.files.content(path);
  ASSERT_FALSE(bytes.empty());
  bytes[bytes.size() / 2] ^= 1;
  harness_.files.corrupt(path, bytes);
  const auto opened = harness_.try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::state_corrupt);
  EXPECT_THAT(opened.error().message, HasSubstr("rejects-1-db"));
}

TEST_F(Rejects, OfRepublishedSpoolsAreNotToldTwice) {
  harness_.settings.retain_spools = 3;
  FakeTarget::Backup backup;
  {
    const auto coordinator = harness_.open();
    backup = harness_.target("db").back_up();
    decide(*coordinator, {"a", "bad"});
    ASSERT_TRUE(coordinator->wait_published(0));
    EXPECT_THAT(coordinator->take_rejects(), SizeIs(1));
    decide(*coordinator, {"b"});
    ASSERT_TRUE(coordinator->wait_published(0));
  }
  harness_.target("db").restore(backup);
  const auto coordinator = harness_.open();
  EXPECT_THAT(harness_.shown("db"), ElementsAre("a", "b"));
  EXPECT_THAT(coordinator->take_rejects(), IsEmpty());
}

class AtLeastOnce : public testing::Test {
 protected:
  AtLeastOnce() : harness_({"db"}) { harness_.settings.exactly_once = false; }
  CoordinatorHarness harness_;
};

TEST_F(AtLeastOnce, WritesThroughAndFlushesBeforeTheDecision) {
  const auto coordinator = harness_.open();
  ASSERT_TRUE(coordinator->writes_through());
  ASSERT_TRUE(harness_.spool(*coordinator, 0, {"a", "b"}));
  ASSERT_TRUE(coordinator->send(0));
  EXPECT_THAT(harness_.shown("db"), ElementsAre("a", "b"));
  EXPECT_EQ(harness_.target("db").write_through_unflushed(), 2u);
  ASSERT_TRUE(harness_.checkpoint(*coordinator, 10));
  EXPECT_EQ(harness_.target("db").write_through_unflushed(), 0u);
  EXPECT_FALSE(harness_.target("db").marker().has_value());
  EXPECT_FALSE(coordinator->is_spool_full(coordinator->current_epoch()));
}

TEST_F(AtLeastOnce, FailedFlushDecidesNothing) {
  {
    const auto coordinator = harness_.open();
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {"a"}));
    harness_.target("db").set_down(true);
    const Status decided = harness_.checkpoint(*coordinator, 10);
    ASSERT_FALSE(decided);
    EXPECT_EQ(decided.error().retry, Retry::later);
  }
  EXPECT_FALSE(harness_.open()->restored().has_value());
}

TEST_F(AtLeastOnce, PublishesWhatAnExactlyOnceRunLeftPending) {
  harness_.settings.exactly_once = true;
  {
    const auto coordinator = harness_.open();
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {"spooled"}));
    ASSERT_TRUE(harness_.checkpoint(*coordinator, 10));
  }
  harness_.settings.exactly_once = false;
  {
    const auto coordinator = harness_.open();
    EXPECT_THAT(harness_.shown("db"), ElementsAre("spooled"));
    ASSERT_TRUE(harness_.spool(*coordinator, 0, {"through"}));
    ASSERT_TRUE(harness_.checkpoint(*coordinator, 20));
  }
  harness_.settings.exactly_once = true;
  const auto coordinator = harness_.open();
  ASSERT_TRUE(harness_.spool(*coordinator, 0, {"again"}));
  ASSERT_TRUE(harness_.checkpoint(*coordinator, 30));
  ASSERT_TRUE(coordinator->wait_published(0));
  EXPECT_THAT(harness_.shown("db"), ElementsAre("spooled", "through", "again"));
}

}  // namespace
}  // namespace sluice::test
