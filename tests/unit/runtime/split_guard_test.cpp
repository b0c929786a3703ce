#include "runtime/split_guard.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

// What a split answers by the offset behind the record that is compared.
enum class Said : uint8_t { same, other, none };

struct Server {
  std::map<int64_t, Said> answers;  // same, where nothing is said
  std::vector<int64_t> asked;
  std::vector<int64_t> waited_for;  // without an answer
  std::vector<int64_t> reported;    // -1: closed
};

class FakeCheck final : public SplitCheck {
 public:
  explicit FakeCheck(Server& server) : server_(server) {}
  void ask(const std::vector<SplitAssignment>& read) override {
    for (const SplitAssignment& split : read) {
      server_.asked.push_back(split.position->next_offset);
      open_[split.split->partition] = split;
    }
  }
  std::vector<SplitCheck::Answer> answers(const std::vector<SplitAssignment>& awaited) override {
    std::vector<SplitCheck::Answer> answers;
    for (auto question = open_.begin(); question != open_.end();) {
      const SplitAssignment& split = question->second;
      const auto found = server_.answers.find(split.position->next_offset);
      const auto answer = found == server_.answers.end() ? Said::same : found->second;
      if (answer == Said::none) {
        ++question;
        continue;
      }
      const Status other = fail_retriable(ErrorCode::offset_out_of_range, "created again");
      answers.push_back({split.split, answer == Said::same ? Status{} : other});
      question = open_.erase(question);
    }
    for (const SplitAssignment& split : awaited) {
      if (open_.count(split.split->partition) > 0)
        server_.waited_for.push_back(split.position->next_offset);
    }
    return answers;
  }
  void report(const std::vector<SplitAssignment>& decided) override {
    for (const SplitAssignment& split : decided)
      server_.reported.push_back(split.position->next_offset);
  }
  void close() override { server_.reported.push_back(-1); }

 private:
  Server& server_;
  std::map<int32_t, SplitAssignment> open_;
};

class FakeDescription final : public SourceDescription {
 public:
  explicit FakeDescription(Server& server) : server_(server) {}
  std::string identity() const override { return "fake"; }
  std::string manner() const override { return {}; }
  bool is_bounded() const override { return false; }
  Result<std::vector<std::shared_ptr<const Origin>>> discover(const Environment&) const override {
    return std::vector<std::shared_ptr<const Origin>>{};
  }
  std::unique_ptr<Source> create() const override { return nullptr; }
  std::unique_ptr<SplitCheck> make_check(const std::string&) const override {
    return std::make_unique<FakeCheck>(server_);
  }

 private:
  Server& server_;
};

class SplitGuardTest : public testing::Test {
 protected:
  SplitGuardTest() {
    graph_.sources = {{std::make_shared<FakeDescription>(server_), "orders", "here/fake"}};
  }
  static SavedSplit at(int64_t next_offset, int32_t partition = 0) {
    SavedSplit split;
    split.source = "here/fake";
    split.split = {"orders", partition};
    split.position = {next_offset, next_offset > 0 ? 1 : -1, 0};
    return split;
  }
  SplitGuard guard(int64_t restored) { return guard(std::vector<SavedSplit>{at(restored)}); }
  SplitGuard guard(const std::vector<SavedSplit>& restored) {
    return SplitGuard(graph_, restored, {"main.p", look_interval_us}, clock_);
  }

  static constexpr int64_t look_interval_us = 5'000'000;
  VirtualClock clock_{1'700'000'000'000'000};
  Server server_;
  StreamGraph graph_;
};

using Offsets = std::vector<int64_t>;

TEST_F(SplitGuardTest, AsksForWhatTheCheckpointBeforeHadReadOfSplitsThatHaveMoved) {
  SplitGuard guard = this->guard(10);
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  EXPECT_TRUE(guard.confirm({at(30)}).has_value());
  EXPECT_EQ(server_.asked, (Offsets{10, 20}));
}

TEST_F(SplitGuardTest, ASplitOfWhichNothingWasReadIsComparedFromItsSecondCheckpointOn) {
  SplitGuard guard = this->guard(std::vector<SavedSplit>{});
  EXPECT_TRUE(guard.confirm({at(0)}).has_value());
  EXPECT_TRUE(guard.confirm({at(10)}).has_value());
  EXPECT_EQ(server_.asked, Offsets{});
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  EXPECT_EQ(server_.asked, Offsets{10});
}

TEST_F(SplitGuardTest, WhatIsNotMeantToFollowTheLastRunIsNotComparedWithIt) {
  SplitGuard guard = this->guard(10);
  server_.answers = {{10, Said::other}};
  SavedSplit restarted = at(5);
  restarted.position.restarted = true;
  EXPECT_TRUE(guard.confirm({restarted}).has_value());
  restarted.position.next_offset = 15;
  EXPECT_TRUE(guard.confirm({restarted}).has_value());
  EXPECT_EQ(server_.asked, Offsets{5});
}

TEST_F(SplitGuardTest, AReplacedSplitIsLeftToTheNextStart) {
  SplitGuard guard = this->guard(10);
  server_.answers = {{10, Said::other}};
  const Status confirmed = guard.confirm({at(20)});
  ASSERT_FALSE(confirmed.has_value());
  EXPECT_EQ(confirmed.error().retry, Retry::later);
  EXPECT_EQ(confirmed.error().message, "created again");
}

TEST_F(SplitGuardTest, WithoutAnAnswerGoesOnAndComparesWhatWasConfirmedLast) {
  SplitGuard guard = this->guard(10);
  server_.answers = {{10, Said::none}};
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  server_.answers.clear();
  EXPECT_TRUE(guard.confirm({at(30)}).has_value());
  EXPECT_TRUE(guard.confirm({at(40)}).has_value());
  EXPECT_EQ(server_.asked, (Offsets{10, 10, 30}));
}

// One that is away while others move: only the checkpoint that has read of it last waits for it.
TEST_F(SplitGuardTest, ASplitWithoutAnAnswerIsWaitedForOnce) {
  SplitGuard guard = this->guard({at(10, 0), at(11, 1)});
  server_.answers = {{10, Said::none}};
  EXPECT_TRUE(guard.confirm({at(20, 0), at(21, 1)}).has_value());
  EXPECT_EQ(server_.waited_for, Offsets{10});
  EXPECT_TRUE(guard.confirm({at(20, 0), at(31, 1)}).has_value());
  clock_.advance_us(look_interval_us);
  EXPECT_FALSE(guard.look());
  EXPECT_TRUE(guard.confirm({at(20, 0), at(41, 1)}).has_value());
  EXPECT_EQ(server_.waited_for, Offsets{10});
}

TEST_F(SplitGuardTest, AnAnswerThatComesLateCountsForWhatWasReadBeforeTheQuestion) {
  SplitGuard guard = this->guard(10);
  server_.answers = {{10, Said::none}};
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  server_.answers.clear();
  EXPECT_FALSE(guard.look());
  EXPECT_TRUE(guard.confirm({at(30)}).has_value());
  EXPECT_EQ(server_.asked, (Offsets{10, 20}));
}

TEST_F(SplitGuardTest, AReplacedSplitThatAnswersLateEndsTheRun) {
  SplitGuard guard = this->guard(10);
  server_.answers = {{10, Said::none}};
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  server_.answers = {{10, Said::other}, {20, Said::other}};
  EXPECT_TRUE(guard.look());
  const Status confirmed = guard.confirm({at(20)});
  ASSERT_FALSE(confirmed.has_value());
  EXPECT_EQ(confirmed.error().retry, Retry::later);
}

// The checkpoint that was decided without an answer has read nothing of the new split.
TEST_F(SplitGuardTest, AReplacedSplitIsLeftToTheNextStartIfThatWillFindItToo) {
  SplitGuard guard = this->guard(10);
  server_.answers = {{10, Said::none}};
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  server_.answers = {{10, Said::other}, {20, Said::other}};
  const Status confirmed = guard.confirm({at(30)});
  ASSERT_FALSE(confirmed.has_value());
  EXPECT_EQ(confirmed.error().retry, Retry::later);
}

TEST_F(SplitGuardTest, AReplacedSplitThatTheNextStartWouldNotFindEndsThePipeline) {
  for (const Said at_the_decided : {Said::same, Said::none}) {
    SplitGuard guard = this->guard(10);
    server_.answers = {{10, Said::none}};
    EXPECT_TRUE(guard.confirm({at(20)}).has_value());
    server_.answers = {{10, Said::other}, {20, at_the_decided}};
    const Status confirmed = guard.confirm({at(30)});
    ASSERT_FALSE(confirmed.has_value());
    EXPECT_EQ(confirmed.error().retry, Retry::never);
    EXPECT_NE(confirmed.error().message.find("records may be missing"), std::string::npos);
  }
}

// A topic that was created again with exactly as many records brings none to compare.
TEST_F(SplitGuardTest, ASplitThatDoesNotMoveIsLookedAtNowAndThen) {
  SplitGuard guard = this->guard(10);
  EXPECT_FALSE(guard.look());
  clock_.advance_us(look_interval_us);
  EXPECT_FALSE(guard.look());
  EXPECT_FALSE(guard.look());
  EXPECT_EQ(server_.asked, Offsets{10});
  clock_.advance_us(look_interval_us);
  server_.answers = {{10, Said::none}};
  EXPECT_FALSE(guard.look());
  EXPECT_EQ(server_.asked, (Offsets{10, 10}));
}

TEST_F(SplitGuardTest, WhatALookFindsIsDecidedByTheNextCheckpoint) {
  SplitGuard guard = this->guard(10);
  clock_.advance_us(look_interval_us);
  server_.answers = {{10, Said::other}};
  EXPECT_TRUE(guard.look());
  const Status confirmed = guard.confirm({at(10)});
  ASSERT_FALSE(confirmed.has_value());
  EXPECT_EQ(confirmed.error().retry, Retry::later);
}

// What was seen once is not forgotten because the server is away when the checkpoint decides.
TEST_F(SplitGuardTest, WhatALookFindsNeedsNoSecondAnswer) {
  SplitGuard guard = this->guard(10);
  clock_.advance_us(look_interval_us);
  server_.answers = {{10, Said::other}};
  EXPECT_TRUE(guard.look());
  server_.answers = {{10, Said::none}};
  const Status confirmed = guard.confirm({at(20)});
  ASSERT_FALSE(confirmed.has_value());
  EXPECT_EQ(confirmed.error().retry, Retry::later);
}

TEST_F(SplitGuardTest, ALookWaitsForNothing) {
  SplitGuard guard = this->guard(10);
  clock_.advance_us(look_interval_us);
  server_.answers = {{10, Said::none}};
  EXPECT_FALSE(guard.look());
  EXPECT_EQ(server_.asked, Offsets{10});
  EXPECT_EQ(server_.waited_for, Offsets{});
}

// The source has found it first, at its start, and does what a policy says.
TEST_F(SplitGuardTest, WhatALookFindsOfASplitThatWasBegunAnewIsNothing) {
  SplitGuard guard = this->guard(10);
  clock_.advance_us(look_interval_us);
  server_.answers = {{10, Said::other}};
  EXPECT_TRUE(guard.look());
  SavedSplit restarted = at(10);
  restarted.position.restarted = true;
  EXPECT_TRUE(guard.confirm({restarted}).has_value());
}

TEST_F(SplitGuardTest, ASplitOfWhichNothingWasReadIsNotLookedAt) {
  SplitGuard guard = this->guard(0);
  clock_.advance_us(look_interval_us);
  EXPECT_FALSE(guard.look());
  EXPECT_EQ(server_.asked, Offsets{});
}

TEST_F(SplitGuardTest, ASplitOfWhichNothingWasReadIsLookedAtIfItsIdIsKnown) {
  SavedSplit named = at(0);
  named.position.stream_id = "first";
  SplitGuard guard = this->guard({named});
  clock_.advance_us(look_interval_us);
  server_.answers = {{0, Said::other}};
  EXPECT_TRUE(guard.look());
  EXPECT_FALSE(guard.confirm({named}).has_value());
}

TEST_F(SplitGuardTest, TellsLagToolsWhatIsDecidedAndNothingElse) {
  SplitGuard guard = this->guard(10);
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  EXPECT_EQ(server_.reported, Offsets{});
  guard.report({at(20)});
  guard.close();
  EXPECT_EQ(server_.reported, (Offsets{20, -1}));
}

TEST_F(SplitGuardTest, TellsLagToolsOfEachDecisionAndOfSplitsThatDidNotMoveToo) {
  SplitGuard guard = this->guard({at(10, 0), at(5, 1)});
  for (const int64_t offset : {20, 30}) {
    EXPECT_TRUE(guard.confirm({at(offset, 0), at(5, 1)}).has_value());
    guard.report({at(offset, 0), at(5, 1)});
  }
  guard.close();
  EXPECT_EQ(server_.reported, (Offsets{20, 5, 30, 5, -1}));
}

TEST_F(SplitGuardTest, TellsEachServerOfItsOwnSplits) {
  Server other;
  graph_.sources.push_back({std::make_shared<FakeDescription>(other), "items", "there/fake"});
  SplitGuard guard = this->guard(10);
  SavedSplit there = at(7);
  there.source = "there/fake";
  SavedSplit unchecked = at(8);
  unchecked.source = "a source without a check";
  guard.report({at(20), there, unchecked});
  guard.close();
  EXPECT_EQ(server_.reported, (Offsets{20, -1}));
  EXPECT_EQ(other.reported, (Offsets{7, -1}));
}

}  // namespace
}  // namespace sluice
