// A task's end of a sink over a real coordinator, files in memory and a fake target.
#include "runtime/sink_writer.hpp"

#include <gmock/gmock.h>

#include "support/fake_filesystem.hpp"
#include "support/fake_target.hpp"
#include "support/test_rows.hpp"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Each row is one operation: its text.
class TextSink final : public Sink {
 public:
  Status open(const SinkContext&) override { return {}; }
  Status encode(const RecordBatch& batch, OperationWriter& out,
                std::vector<RowRejection>&) override {
    for (const std::string& text : test::row_texts(batch)) SLUICE_TRY(out.write(text));
    return {};
  }
};

class TextSinkDescription final : public SinkDescription {
 public:
  std::string definition() const override { return "texts"; }
  std::string place() const override { return "texts"; }
  Result<std::unique_ptr<Sink>> create() const override { return std::make_unique<TextSink>(); }
};

class KeptLetters final : public DeadLetters {
 public:
  Status add(DeadLetter letter) override {
    texts.push_back(std::string(error_code_text(letter.error.code)) + " " + letter.step + " " +
                    letter.row.value_or(""));
    return {};
  }
  std::vector<std::string> texts;
};

class SinkWriterTest : public testing::Test {
 protected:
  SinkWriterTest() { open(true); }

  void open(bool exactly_once) {
    coordinator_.reset();
    CheckpointSettings settings;
    settings.exactly_once = exactly_once;
    settings.folder = "state/main.p";
    settings.pipeline_id = "main.p";
    settings.publish_in_background = false;
    const CheckpointTarget target{
        "t", [this](const PublisherIds& ids) { return target_.connect(ids); }, {{"out", "texts"}}};
    coordinator_ =
        CheckpointCoordinator::open(settings, {target}, environment_, counters_, memory_).value();
  }

  static StreamNode upsert_node(std::vector<size_t> key, RowPolicy on_error) {
    StreamNode node;
    node.name = "out";
    node.schema = test::schema_of("k text, v int");
    node.node = SinkVertex{
        0,       std::make_shared<TextSinkDescription>(), SinkMode::upsert, std::move(key), true,
        on_error};
    return node;
  }

  // Two images of `a` and one of `b` in one epoch, which is then published.
  Status write_conflict(RowPolicy on_error) {
    return write_epoch("+I a | 1\n+I a | 2\n+I b | 3", {0}, on_error);
  }

  // Of an upsert sink with this key over changes that take back.
  Status write_epoch(const std::string& rows, std::vector<size_t> key, RowPolicy on_error) {
    const StreamNode node = upsert_node(std::move(key), on_error);
    SinkWriter writer(node, 0, *coordinator_, coordinator_->current_epoch());
    SLUICE_TRY(writer.open(context_));
    SLUICE_TRY(writer.process(test::read_rows(node.schema, rows)));
    SLUICE_TRY(writer.end_epoch());
    const Epoch epoch = coordinator_->current_epoch();
    SLUICE_TRY(coordinator_->begin());
    std::vector<TaskPart> parts;
    parts.push_back({epoch, StateBuffer(coordinator_->next_snapshot_kind(), memory_), {}});
    SLUICE_TRY(parts.back().state.finish());
    SLUICE_TRY(coordinator_->complete(std::move(parts), {}, false));
    EXPECT_TRUE(coordinator_->wait_published(0));
    return {};
  }

  std::vector<std::string> published() const {
    std::vector<std::string> texts;
    for (const auto& row : target_.rows()) texts.push_back(row.bytes);
    return texts;
  }

  test::FakeFilesystem files_;
  VirtualClock clock_{1'700'000'000'000'000};
  Failpoints failpoints_;
  std::unique_ptr<Log> log_ = make_null_log();
  Environment environment_{&clock_, &files_, &failpoints_, log_.get()};
  Counters counters_;
  MemoryPool memory_{uint64_t{16} << 20};
  TimeZone zone_;
  test::FakeTarget target_{"system"};
  std::unique_ptr<CheckpointCoordinator> coordinator_;
  KeptLetters letters_;
  StepCounters step_{counters_, "p", "out", "sink"};
  OperatorContext context_{environment_, &memory_, &zone_, &letters_, &step_, {}};
};

// The one row of an aggregate without GROUP BY.
TEST_F(SinkWriterTest, ChangesOfTheOneRowWithoutAKeyAreNetted) {
  ASSERT_TRUE(
      write_epoch("+I a | 0\n-U a | 0\n+U a | 1\n-U a | 1\n+U a | 2", {}, RowPolicy::dead_letter));
  EXPECT_THAT(published(), ElementsAre("+I a|2"));
  EXPECT_THAT(letters_.texts, IsEmpty());
}

TEST_F(SinkWriterTest, SecondRowOfAKeyIsADeadLetter) {
  ASSERT_TRUE(write_conflict(RowPolicy::dead_letter));
  EXPECT_THAT(published(), ElementsAre("+I a|1", "+I b|3"));
  EXPECT_THAT(letters_.texts, ElementsAre(R"(E3403 out {"k":"a","v":2})"));
  EXPECT_EQ(step_.dead.value(), 1);
  EXPECT_EQ(step_.in.value(), step_.out.value() + step_.dead.value());
}

TEST_F(SinkWriterTest, SecondRowOfAKeyIsDroppedAndCounted) {
  ASSERT_TRUE(write_conflict(RowPolicy::drop));
  EXPECT_THAT(published(), ElementsAre("+I a|1", "+I b|3"));
  EXPECT_THAT(letters_.texts, IsEmpty());
  EXPECT_EQ(step_.dropped("sink_error").value(), 1);
  EXPECT_EQ(step_.in.value(), step_.out.value() + 1);
}

TEST_F(SinkWriterTest, SecondRowOfAKeyFailsTheRunWhereNothingMayBeLost) {
  const Status written = write_conflict(RowPolicy::fail);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::conflicting_rows);
  EXPECT_THAT(written.error().message, HasSubstr("sink out"));
  EXPECT_THAT(published(), IsEmpty());
}

// Some targets take a key once in what is sent together.
TEST_F(SinkWriterTest, WhatIsWrittenThroughIsSentBeforeTheNextEpochsRows) {
  open(false);
  const StreamNode node = upsert_node({0}, RowPolicy::fail);
  SinkWriter writer(node, 0, *coordinator_, coordinator_->current_epoch());
  ASSERT_TRUE(writer.open(context_));
  ASSERT_TRUE(writer.process(test::read_rows(node.schema, "+I a | 1")));
  ASSERT_TRUE(writer.end_epoch());
  EXPECT_THAT(published(), ElementsAre("+I a|1"));
  EXPECT_FALSE(writer.holds_rows());
}

}  // namespace
}  // namespace sluice
