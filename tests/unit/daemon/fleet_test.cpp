#include "daemon/fleet.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "unit/daemon/fake_host.hpp"
#include "unit/daemon/proposals.hpp"

namespace sluice {
namespace {

using test::broken;
using test::FakeHost;
using test::list_of;
using test::sound;

class FleetTest : public ::testing::Test {
 protected:
  // Until nothing is under way any more.
  void settle() {
    for (int i = 0; fleet_.move(); ++i) ASSERT_LT(i, 100) << texts();
  }
  void want(std::vector<Proposal> proposals) { fleet_.want(std::move(proposals)); }
  void run(std::vector<Proposal> proposals) {
    want(std::move(proposals));
    settle();
  }

  // "a RUNNING 2 | b FAILED - refused", with the content that runs.
  std::string texts() const {
    std::string text;
    for (const PipelineReport& report : fleet_.reports()) {
      const auto content = host_.running(report.name);
      text += (text.empty() ? "" : " | ") + report.name + " " +
              pipeline_state_text(report.status.state) + " " +
              (content ? std::to_string(*content) : "-") +
              (report.refusal.empty() ? "" : " refused");
    }
    return text;
  }
  PipelineReport report(const std::string& name) const {
    for (const PipelineReport& report : fleet_.reports()) {
      if (report.name == name) return report;
    }
    return {};
  }

  VirtualClock clock_{1'000'000};
  std::unique_ptr<Log> log_ = make_null_log();
  FakeHost host_;
  Fleet fleet_{host_, Environment{&clock_, nullptr, nullptr, log_.get()}};
};

TEST_F(FleetTest, StartsWhatIsWantedAndTellsOfWhatIsRefused) {
  run(list_of({sound("a", "a", 1), broken("b")}));
  EXPECT_EQ(texts(), "a RUNNING 1 | b FAILED - refused");
  EXPECT_EQ(fleet_.generation(), 1u);
}

TEST_F(FleetTest, LeavesAloneWhatIsAsBefore) {
  run(list_of({sound("a", "a", 1), sound("b", "b", 1)}));
  clock_.advance_us(1);
  run(list_of({sound("a", "a", 1), sound("b", "b", 2)}));
  EXPECT_EQ(texts(), "a RUNNING 1 | b RUNNING 2");
  EXPECT_EQ(host_.events("a"), "start 1");
  EXPECT_EQ(host_.events("b"), "start 1, stop 1, end 1, start 2");
  EXPECT_EQ(report("a").version, 1u);
  EXPECT_EQ(report("b").version, 2u);
  EXPECT_LT(report("a").since_us, report("b").since_us);
}

TEST_F(FleetTest, EntryOfARemovedPipelineGoesWhenItHasStopped) {
  run(list_of({sound("a", "a", 1), sound("b", "b", 1)}));
  host_.hold_stops("b", true);
  want(list_of({sound("a", "a", 1)}));
  EXPECT_TRUE(fleet_.move());
  EXPECT_EQ(texts(), "a RUNNING 1 | b STOPPING 1");
  host_.hold_stops("b", false);
  settle();
  EXPECT_EQ(texts(), "a RUNNING 1");
  EXPECT_EQ(host_.events("b"), "start 1, stop 1, end 1");
}

TEST_F(FleetTest, RefusedChangeLeavesTheVersionBeforeIt) {
  run(list_of({sound("a", "a", 1)}));
  run(list_of({broken("a")}));
  EXPECT_EQ(texts(), "a RUNNING 1 refused");
  host_.unfit = {2};
  run(list_of({sound("a", "a", 2)}));
  EXPECT_EQ(texts(), "a RUNNING 1 refused");
  EXPECT_EQ(host_.events("a"), "start 1");
  run(list_of({sound("a", "a", 1)}));
  EXPECT_EQ(texts(), "a RUNNING 1");
}

TEST_F(FleetTest, GoesBackToTheFormerVersionWhenTheNewOneIsRefusedAtItsStart) {
  run(list_of({sound("a", "a", 1)}));
  host_.fails_at_start = {2};
  run(list_of({sound("a", "a", 2)}));
  EXPECT_EQ(texts(), "a RUNNING 1 refused");
  EXPECT_EQ(host_.events("a"), "start 1, stop 1, end 1, start 2, stop 2, end 2, start 1");
  EXPECT_NE(report("a").refusal.find("E4403"), std::string::npos) << report("a").refusal;
}

TEST_F(FleetTest, TriesAgainWhatWasRefusedWhenItIsWantedAgain) {
  run(list_of({sound("a", "a", 1)}));
  host_.fails_at_start = {2};
  run(list_of({sound("a", "a", 2)}));
  host_.fails_at_start = {};
  run(list_of({sound("a", "a", 2)}));
  EXPECT_EQ(texts(), "a RUNNING 2");
}

TEST_F(FleetTest, GoesBackAlsoFromAFailureBehindTheStartIfNothingIsDecided) {
  run(list_of({sound("a", "a", 1)}));
  run(list_of({sound("a", "a", 2)}));
  host_.fail("a");
  settle();
  EXPECT_EQ(texts(), "a RUNNING 1 refused");
}

TEST_F(FleetTest, DoesNotGoBackBehindADecidedCheckpoint) {
  run(list_of({sound("a", "a", 1)}));
  run(list_of({sound("a", "a", 2)}));
  host_.decide("a");
  host_.fail("a");
  settle();
  EXPECT_EQ(texts(), "a FAILED 2");
}

TEST_F(FleetTest, FailedPipelineHasNothingToGoBackTo) {
  run(list_of({sound("a", "a", 1)}));
  host_.fail("a");
  host_.fails_at_start = {2};
  run(list_of({sound("a", "a", 2)}));
  EXPECT_EQ(texts(), "a FAILED 2");
  EXPECT_EQ(host_.events("a"), "start 1, stop 1, end 1, start 2");
}

TEST_F(FleetTest, NewerListReplacesOneThatIsUnderWay) {
  run(list_of({sound("a", "a", 1)}));
  host_.hold_stops("a", true);
  want(list_of({sound("a", "a", 2)}));
  EXPECT_TRUE(fleet_.move());
  want(list_of({sound("a", "a", 3)}));
  EXPECT_TRUE(fleet_.move());
  host_.hold_stops("a", false);
  settle();
  EXPECT_EQ(texts(), "a RUNNING 3");
  EXPECT_EQ(host_.events("a"), "start 1, stop 1, end 1, start 3");
}

TEST_F(FleetTest, ChangeDuringAnUnfinishedStartKeepsTheVersionThatRanWell) {
  run(list_of({sound("a", "a", 1)}));
  host_.stays_starting = {2};
  want(list_of({sound("a", "a", 2)}));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(fleet_.move());
  host_.fails_at_start = {3};
  run(list_of({sound("a", "a", 3)}));
  EXPECT_EQ(texts(), "a RUNNING 1 refused");
}

TEST_F(FleetTest, TwoThatExchangeWhatOnlyOneMayHaveNeverHaveItTogether) {
  run(list_of({sound("a", "a", 1, {"t"}), sound("b", "b", 1, {"u"})}));
  host_.hold_stops("b", true);
  want(list_of({sound("a", "a", 2, {"u"}), sound("b", "b", 2, {"t"})}));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(fleet_.move());
  EXPECT_EQ(host_.events("a"), "start 1, stop 1, end 1");
  EXPECT_NE(report("a").status.cause.find("waits for the end of pipeline b"), std::string::npos);
  host_.hold_stops("b", false);
  settle();
  EXPECT_EQ(texts(), "a RUNNING 2 | b RUNNING 2");
}

TEST_F(FleetTest, OneThatWaitsForATableIsRefusedWhenItsOwnerGoesBack) {
  run(list_of({sound("a", "a", 1), sound("b", "b", 1, {"t"})}));
  host_.fails_at_start = {22};
  run(list_of({sound("a", "a", 2, {"t"}), sound("b", "b", 22)}));
  EXPECT_EQ(texts(), "a RUNNING 1 refused | b RUNNING 1 refused");
}

TEST_F(FleetTest, DoesNotGoBackToWhatAnotherHasTaken) {
  run(list_of({sound("a", "a", 1), sound("b", "b", 1, {"t"})}));
  run(list_of({sound("a", "a", 2, {"t"}), sound("b", "b", 2)}));
  host_.fail("b");
  settle();
  EXPECT_EQ(texts(), "a RUNNING 2 | b FAILED 2");
}

TEST_F(FleetTest, StartThatThrowsIsThePipelinesOwnTrouble) {
  host_.throws_at_start = {1};
  run(list_of({sound("a", "a", 1), sound("b", "b", 2)}));
  EXPECT_EQ(texts(), "a FAILED - refused | b RUNNING 2");
}

TEST_F(FleetTest, StopBesideAChangeStartsNothing) {
  run(list_of({sound("a", "a", 1), sound("b", "b", 1)}));
  host_.hold_stops("a", true);
  want(list_of({sound("a", "a", 2), sound("b", "b", 1), sound("c", "c", 1)}));
  EXPECT_TRUE(fleet_.move());
  fleet_.request_stop();
  want(list_of({sound("d", "d", 1)}));
  EXPECT_TRUE(fleet_.move());
  host_.hold_stops("a", false);
  settle();
  EXPECT_EQ(texts(), "a STOPPED 1 | b STOPPED 1 | c STOPPED 1");
  EXPECT_EQ(host_.events("d"), "");
}

TEST_F(FleetTest, HeldPipelineHoldsUpNeitherTheOthersNorTheStop) {
  run(list_of({sound("a", "a", 1), sound("b", "b", 1)}));
  host_.hold_for_good("a", true);
  want(list_of({sound("a", "a", 2), sound("b", "b", 2)}));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(fleet_.move());
  EXPECT_EQ(texts(), "a FAILED 1 | b RUNNING 2");
  EXPECT_TRUE(fleet_.is_held());
  fleet_.request_stop();
  settle();
  EXPECT_EQ(texts(), "a FAILED 1 | b STOPPED 2");
  host_.hold_for_good("a", false);
}

TEST_F(FleetTest, ReadersAndWishesFromOtherThreadsGoBesideIt) {
  std::atomic<bool> is_over = false;
  std::vector<std::thread> others;
  for (int i = 0; i < 2; ++i) {
    others.emplace_back([&] {
      while (!is_over) {
        for (const PipelineReport& report : fleet_.reports()) EXPECT_FALSE(report.name.empty());
        fleet_.metrics();
        fleet_.generation();
        fleet_.is_held();
      }
    });
  }
  constexpr uint64_t rounds = 200;
  std::thread wisher([&] {
    for (uint64_t round = 1; round <= rounds; ++round) {
      want(round % 3 == 0 ? list_of({broken("a"), sound("c", "c", round)})
                          : list_of({sound("a", "a", round), sound("b", "b", 1)}));
    }
    is_over = true;
  });
  while (!is_over) {
    fleet_.move();
    fleet_.measure();
  }
  for (std::thread& other : others) other.join();
  wisher.join();
  run(list_of({sound("a", "a", rounds), sound("b", "b", 1)}));
  EXPECT_EQ(texts(), "a RUNNING 200 | b RUNNING 1");
}

}  // namespace
}  // namespace sluice
