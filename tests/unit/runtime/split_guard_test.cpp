#include "runtime/split_guard.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

// What a split answers by the offset behind the record that is compared.
enum class Answer : uint8_t { same, other, none };

struct Server {
  std::map<int64_t, Answer> answers;  // same, where nothing is said
  std::vector<int64_t> asked;
  std::vector<int64_t> reported;  // -1: closed
};

class FakeCheck final : public SplitCheck {
 public:
  explicit FakeCheck(Server& server) : server_(server) {}
  Result<std::vector<bool>> confirm(const std::vector<SplitAssignment>& read) override {
    std::vector<bool> confirmed;
    for (const SplitAssignment& split : read) {
      server_.asked.push_back(split.position->next_offset);
      const auto answer = server_.answers.find(split.position->next_offset);
      const bool is_same = answer == server_.answers.end() || answer->second == Answer::same;
      if (!is_same && answer->second == Answer::other)
        return fail_retriable(ErrorCode::offset_out_of_range, "created again");
      confirmed.push_back(is_same);
    }
    return confirmed;
  }
  void report(const std::vector<SplitAssignment>& decided) override {
    for (const SplitAssignment& split : decided)
      server_.reported.push_back(split.position->next_offset);
  }
  void close() override { server_.reported.push_back(-1); }

 private:
  Server& server_;
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
  static SavedSplit at(int64_t next_offset) {
    SavedSplit split;
    split.source = "here/fake";
    split.split = {"orders", 0};
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
  server_.answers = {{10, Answer::other}};
  SavedSplit restarted = at(5);
  restarted.position.restarted = true;
  EXPECT_TRUE(guard.confirm({restarted}).has_value());
  restarted.position.next_offset = 15;
  EXPECT_TRUE(guard.confirm({restarted}).has_value());
  EXPECT_EQ(server_.asked, Offsets{5});
}

TEST_F(SplitGuardTest, AReplacedSplitIsLeftToTheNextStart) {
  SplitGuard guard = this->guard(10);
  server_.answers = {{10, Answer::other}};
  const Status confirmed = guard.confirm({at(20)});
  ASSERT_FALSE(confirmed.has_value());
  EXPECT_EQ(confirmed.error().retry, Retry::later);
  EXPECT_EQ(confirmed.error().message, "created again");
}

TEST_F(SplitGuardTest, WithoutAnAnswerGoesOnAndComparesWhatWasConfirmedLast) {
  SplitGuard guard = this->guard(10);
  server_.answers = {{10, Answer::none}};
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  server_.answers.clear();
  EXPECT_TRUE(guard.confirm({at(30)}).has_value());
  EXPECT_TRUE(guard.confirm({at(40)}).has_value());
  EXPECT_EQ(server_.asked, (Offsets{10, 10, 10, 30}));
}

// The checkpoint that was decided without an answer has read nothing of the new split.
TEST_F(SplitGuardTest, AReplacedSplitIsLeftToTheNextStartIfThatWillFindItToo) {
  SplitGuard guard = this->guard(10);
  server_.answers = {{10, Answer::none}};
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  server_.answers = {{10, Answer::other}, {20, Answer::other}};
  const Status confirmed = guard.confirm({at(30)});
  ASSERT_FALSE(confirmed.has_value());
  EXPECT_EQ(confirmed.error().retry, Retry::later);
}

TEST_F(SplitGuardTest, AReplacedSplitThatTheNextStartWouldNotFindEndsThePipeline) {
  for (const Answer at_the_decided : {Answer::same, Answer::none}) {
    SplitGuard guard = this->guard(10);
    server_.answers = {{10, Answer::none}};
    EXPECT_TRUE(guard.confirm({at(20)}).has_value());
    server_.answers = {{10, Answer::other}, {20, at_the_decided}};
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
  server_.answers = {{10, Answer::none}};
  EXPECT_FALSE(guard.look());
  EXPECT_EQ(server_.asked, (Offsets{10, 10}));
}

TEST_F(SplitGuardTest, WhatALookFindsIsDecidedByTheNextCheckpoint) {
  SplitGuard guard = this->guard(10);
  clock_.advance_us(look_interval_us);
  server_.answers = {{10, Answer::other}};
  EXPECT_TRUE(guard.look());
  const Status confirmed = guard.confirm({at(10)});
  ASSERT_FALSE(confirmed.has_value());
  EXPECT_EQ(confirmed.error().retry, Retry::later);
}

// The source has found it first, at its start, and does what a policy says.
TEST_F(SplitGuardTest, WhatALookFindsOfASplitThatWasBegunAnewIsNothing) {
  SplitGuard guard = this->guard(10);
  clock_.advance_us(look_interval_us);
  server_.answers = {{10, Answer::other}};
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

TEST_F(SplitGuardTest, TellsLagToolsWhatIsDecidedAndNothingElse) {
  SplitGuard guard = this->guard(10);
  EXPECT_TRUE(guard.confirm({at(20)}).has_value());
  EXPECT_EQ(server_.reported, Offsets{});
  guard.report({at(20)});
  guard.close();
  EXPECT_EQ(server_.reported, (Offsets{20, -1}));
}

}  // namespace
}  // namespace sluice
