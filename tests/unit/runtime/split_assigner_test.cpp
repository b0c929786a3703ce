#include "runtime/split_assigner.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <mutex>
#include <thread>

#include "unit/runtime/fake_stream.hpp"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class KeptWarnings final : public Log {
 public:
  void write(LogLevel level, std::string_view message,
             const std::vector<LogField>& fields) override {
    if (level != LogLevel::warning) return;
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::string(message) + "|" +
                     (fields.empty() ? "" : fields.back().second.text()));
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

class SplitAssignerTest : public testing::Test {
 protected:
  void start(uint32_t parallelism) {
    graph_.sources = {{test::describe(stream_), "orders", "here/stream"}};
    assigner_ = std::make_unique<SplitAssigner>(graph_, parallelism,
                                                Environment{&clock_, nullptr, &failpoints_, &log_});
  }

  // "split 1 in slot 0 at 7": at the saved position; "… at start": where the source says.
  static std::vector<std::string> texts(const std::vector<SlotSplits>& placed) {
    std::vector<std::string> texts;
    for (const SlotSplits& slot : placed) {
      for (const SplitStart& split : slot.splits) {
        const auto& position = split.assignment.position;
        texts.push_back("split " + std::to_string(split.assignment.split->partition) + " in slot " +
                        std::to_string(slot.slot) + " at " +
                        (position ? std::to_string(position->next_offset) : "start") +
                        (split.finished ? " finished" : "") +
                        (slot.start_may_move ? ", may move" : ""));
      }
    }
    return texts;
  }
  std::vector<std::string> assign(const std::optional<RestoredCheckpoint>& restored = {}) {
    const auto placed = assigner_->assign_initial(restored);
    return placed ? texts(*placed) : std::vector<std::string>{placed.error().message};
  }
  static SavedSplit saved(int32_t partition, int64_t next_offset,
                          const std::string& source = "here/stream") {
    SavedSplit split;
    split.source = source;
    split.split = {"orders", partition};
    split.position.next_offset = next_offset;
    return split;
  }
  static RestoredCheckpoint checkpoint(std::vector<SavedSplit> splits) {
    return {Epoch(3), {std::move(splits), {}}};
  }
  // The search has a thread of its own.
  static void await(const std::function<bool()>& has_come) {
    while (!has_come()) std::this_thread::yield();
  }

  test::FakeStream stream_;
  VirtualClock clock_{0};
  Failpoints failpoints_;
  KeptWarnings log_;
  StreamGraph graph_;
  std::unique_ptr<SplitAssigner> assigner_;
};

TEST_F(SplitAssignerTest, NewSplitsBeginWhereTheSourceSaysAndAreDealtOutToTheSlots) {
  stream_.splits = 3;
  start(2);
  EXPECT_THAT(assign(), ElementsAre("split 0 in slot 0 at start", "split 1 in slot 1 at start",
                                    "split 2 in slot 0 at start"));
}

TEST_F(SplitAssignerTest, SavedSplitsGoOnAndThoseThatAppearedSinceBeginAtTheirBeginning) {
  stream_.splits = 3;
  start(1);
  SavedSplit finished = saved(2, 9);
  finished.finished = true;
  finished.clocks["orders"] = {500, true};
  const auto placed = assigner_->assign_initial(checkpoint({saved(0, 7), finished}));
  ASSERT_TRUE(placed.has_value());
  EXPECT_THAT(texts(*placed), ElementsAre("split 0 in slot 0 at 7", "split 1 in slot 0 at 0",
                                          "split 2 in slot 0 at 9 finished"));
  EXPECT_EQ((*placed)[2].splits[0].clocks.at("orders").watermark_us, 500);
}

TEST_F(SplitAssignerTest, AStartThatMayMoveIsToldOfSplitsWithoutAPositionOnly) {
  stream_.splits = 1;
  stream_.start_may_move = true;
  start(1);
  EXPECT_THAT(assign(), ElementsAre("split 0 in slot 0 at start, may move"));
  start(1);
  EXPECT_THAT(assign(checkpoint({saved(0, 7)})), ElementsAre("split 0 in slot 0 at 7"));
}

TEST_F(SplitAssignerTest, PositionsOfASourceThatIsNotReadAreKeptAside) {
  stream_.splits = 1;
  start(1);
  EXPECT_THAT(assign(checkpoint({saved(0, 7, "there/stream")})),
              ElementsAre("split 0 in slot 0 at start"));
  EXPECT_THAT(log_.lines(), ElementsAre(testing::EndsWith("|there/stream")));
}

TEST_F(SplitAssignerTest, AServerThatDoesNotAnswerAtStartIsAnError) {
  stream_.trouble = Error{ErrorCode::source_failed, "no broker answers", Retry::later, {}};
  start(1);
  EXPECT_THAT(assign(), ElementsAre("no broker answers"));
}

TEST_F(SplitAssignerTest, SplitsThatAppearAreHandedOutOnceAndReadFromTheirBeginning) {
  stream_.splits = 1;
  start(2);
  ASSERT_EQ(assign().size(), 1u);
  EXPECT_THAT(texts(assigner_->take_new()), IsEmpty());
  assigner_->start_discovery(1);
  {
    const std::lock_guard lock(stream_.mutex);
    stream_.splits = 3;
  }
  std::vector<std::string> found;
  await([&] {
    for (const std::string& text : texts(assigner_->take_new())) found.push_back(text);
    return found.size() >= 2;
  });
  EXPECT_THAT(found, ElementsAre("split 1 in slot 1 at 0", "split 2 in slot 0 at 0"));
  uint64_t looks = 0;
  {
    const std::lock_guard lock(stream_.mutex);
    looks = stream_.looks;
  }
  await([&] {
    const std::lock_guard lock(stream_.mutex);
    return stream_.looks > looks + 1;
  });
  EXPECT_THAT(texts(assigner_->take_new()), IsEmpty());
}

TEST_F(SplitAssignerTest, AnOutageIsTroubleUntilTheServerAnswersAndLoggedOnce) {
  stream_.splits = 1;
  start(1);
  ASSERT_EQ(assign().size(), 1u);
  {
    const std::lock_guard lock(stream_.mutex);
    stream_.trouble = Error{ErrorCode::source_failed, "no broker answers", Retry::later, {}};
  }
  assigner_->start_discovery(1);
  await([&] { return assigner_->trouble().has_value(); });
  EXPECT_EQ(assigner_->trouble()->message, "no broker answers");
  uint64_t looks = 0;
  {
    const std::lock_guard lock(stream_.mutex);
    looks = stream_.looks;
  }
  await([&] {
    const std::lock_guard lock(stream_.mutex);
    return stream_.looks > looks + 1;
  });
  EXPECT_EQ(log_.lines().size(), 1u);
  {
    const std::lock_guard lock(stream_.mutex);
    stream_.trouble.reset();
  }
  await([&] { return !assigner_->trouble().has_value(); });
  EXPECT_FALSE(assigner_->failure().has_value());
}

TEST_F(SplitAssignerTest, AnExceptionEndsTheSearchAndIsItsFailure) {
  stream_.splits = 1;
  start(1);
  ASSERT_EQ(assign().size(), 1u);
  {
    const std::lock_guard lock(stream_.mutex);
    stream_.throws = true;
  }
  assigner_->start_discovery(1);
  await([&] { return assigner_->failure().has_value(); });
  EXPECT_THAT(assigner_->failure()->message, testing::HasSubstr("thrown"));
}

TEST_F(SplitAssignerTest, ABoundedSourceIsNotAskedAgain) {
  stream_.splits = 1;
  stream_.is_bounded = true;
  start(1);
  ASSERT_EQ(assign().size(), 1u);
  {
    const std::lock_guard lock(stream_.mutex);
    stream_.splits = 2;
  }
  test::FakeStream other;
  other.splits = 1;
  graph_.sources.push_back({test::describe(other), "visits", "here/visits"});
  assigner_ = std::make_unique<SplitAssigner>(graph_, 1,
                                              Environment{&clock_, nullptr, &failpoints_, &log_});
  ASSERT_EQ(assign().size(), 3u);
  assigner_->start_discovery(1);
  await([&] {
    const std::lock_guard lock(other.mutex);
    return other.looks > 2;
  });
  assigner_.reset();
  EXPECT_EQ(stream_.looks, 2u) << "once at each start";
}

}  // namespace
}  // namespace sluice
