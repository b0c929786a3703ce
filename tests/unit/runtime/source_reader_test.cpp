// One task's end of a source, over a stream of numbers in memory.
#include "runtime/source_reader.hpp"

#include <gmock/gmock.h>

#include <deque>

#include "support/test_rows.hpp"
#include "unit/runtime/fake_stream.hpp"
#include "unit/runtime/number_format.hpp"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class KeptOutput final : public SourceReader::Output {
 public:
  Status emit_rows(size_t scan, RecordBatch batch) override {
    for (const std::string& row : test::row_texts(batch))
      events.push_back(std::to_string(scan) + " " + row);
    return {};
  }
  Status emit_watermark(size_t scan, Watermark watermark) override {
    const std::string what = watermark.is_final()  ? "end"
                             : watermark.is_idle() ? "idle"
                                                   : std::to_string(watermark.time_us());
    events.push_back(std::to_string(scan) + " watermark " + what);
    return {};
  }
  std::vector<std::string> events;
};

class KeptLetters final : public DeadLetters {
 public:
  Status add(DeadLetter letter) override {
    offsets.push_back(letter.offset);
    letters.push_back(std::move(letter));
    return {};
  }
  std::vector<DeadLetter> letters;
  std::vector<int64_t> offsets;
};

class SourceReaderTest : public testing::Test {
 protected:
  SourceReaderTest() { input_ = {test::describe(stream_), "orders", "here/stream"}; }

  void open(size_t scans = 1, const ReadLimits& limits = {}) {
    std::vector<WatermarkTracker::ScanSettings> settings(scans, {"orders", true, INT64_MAX});
    tracker_ = std::make_unique<WatermarkTracker>(settings, clock_);
    std::vector<SourceReader::Scan> read;
    for (size_t i = 0; i < scans; ++i) {
      StreamNode& node = nodes_.emplace_back();
      node.name = i == 0 ? "orders" : "orders_again";
      ScanVertex scan;
      scan.format = &format_;
      scan.spec.schema = test::schema_of("n bigint");
      scan.spec.time_origin = TimeOrigin::event_column;
      scan.on_error = on_error_;
      scan.has_event_time = true;
      node.node = scan;
      read.push_back({&node, i, &context_});
    }
    reader_ = std::make_unique<SourceReader>(input_, read, *tracker_, limits);
    ASSERT_TRUE(reader_->open({environment_, nullptr, "main.p"}).has_value());
  }
  void assign(int32_t partition, int64_t next_offset = 0, bool finished = false,
              const std::map<std::string, SavedClock>& clocks = {}) {
    SplitPosition position;
    position.next_offset = next_offset;
    const auto origin = std::make_shared<Origin>(Origin{"orders", partition});
    ASSERT_TRUE(reader_->assign({{{origin, position}, clocks, finished}}).has_value());
  }
  // What one poll sends on; the error's message where it fails.
  std::vector<std::string> poll() {
    output_.events.clear();
    const auto polled = reader_->poll(output_);
    if (!polled) return {polled.error().message};
    return output_.events;
  }

  test::FakeStream stream_;
  test::NumberFormat format_;
  RowPolicy on_error_ = RowPolicy::dead_letter;
  VirtualClock clock_{1'000'000};
  Failpoints failpoints_;
  std::unique_ptr<Log> log_ = make_null_log();
  Environment environment_{&clock_, nullptr, &failpoints_, log_.get()};
  Counters counters_;
  MemoryPool memory_{uint64_t{1} << 20};
  TimeZone zone_;
  KeptLetters letters_;
  StepCounters step_{counters_, "p", "orders", "source"};
  OperatorContext context_{environment_, &memory_, &zone_, &letters_, &step_, {}};
  std::deque<StreamNode> nodes_;
  SourceInput input_;
  std::unique_ptr<WatermarkTracker> tracker_;
  std::unique_ptr<SourceReader> reader_;
  KeptOutput output_;
};

TEST_F(SourceReaderTest, SendsRowsBeforeTheWatermarkThatTheyMove) {
  stream_.records[0] = {"10", "30", "20"};
  open();
  assign(0);
  EXPECT_THAT(poll(), ElementsAre("0 +I 10", "0 +I 30", "0 +I 20", "0 watermark 30"));
  EXPECT_THAT(poll(), IsEmpty());
  EXPECT_EQ(reader_->records_read(), 3u);
  EXPECT_EQ(reader_->oldest_record_us(), 1'000);
}

TEST_F(SourceReaderTest, DecodesARecordOnceForEachScanOfTheSource) {
  stream_.records[0] = {"10"};
  open(2);
  assign(0);
  EXPECT_THAT(poll(), ElementsAre("0 +I 10", "1 +I 10", "0 watermark 10", "1 watermark 10"));
  EXPECT_EQ(reader_->records_read(), 1u);
}

TEST_F(SourceReaderTest, BadRecordsGoWhereOnErrorSays) {
  stream_.records[0] = {"10", "x", "20", "y"};
  open();
  assign(0);
  EXPECT_THAT(poll(), ElementsAre("0 +I 10", "0 +I 20", "0 watermark 20"));
  EXPECT_THAT(letters_.offsets, ElementsAre(1, 3));

  on_error_ = RowPolicy::drop;
  open();
  assign(0);
  EXPECT_THAT(poll(), ElementsAre("0 +I 10", "0 +I 20", "0 watermark 20"));
  EXPECT_EQ(letters_.offsets.size(), 2u);
  EXPECT_EQ(step_.dropped("decode_error").value(), 2);

  on_error_ = RowPolicy::fail;
  open();
  assign(0);
  EXPECT_THAT(poll(), ElementsAre("bad"));
}

TEST_F(SourceReaderTest, RecordsThatGrowTooLarge_AreDecodedInPiecesThatLoseNone) {
  stream_.records[0] = {"1*50000", "2*50000", "3*50000", "x", "5*50000"};
  open();
  assign(0);
  EXPECT_THAT(poll(), ElementsAre("0 +I 1", "0 +I 2", "0 +I 3", "0 +I 5", "0 watermark 5"));
  EXPECT_THAT(letters_.offsets, ElementsAre(3));
  EXPECT_EQ(step_.in.value(), 5);
  EXPECT_EQ(memory_.used_bytes(), 0u);
}

TEST_F(SourceReaderTest, RecordThatGrowsTooLargeAlone_IsBadAndMovesNoClock) {
  stream_.records[0] = {"10", "30*300000", "20"};
  open();
  assign(0);
  EXPECT_THAT(poll(), ElementsAre("0 +I 10", "0 +I 20", "0 watermark 20"));
  ASSERT_THAT(letters_.offsets, ElementsAre(1));
  EXPECT_EQ(letters_.letters[0].error.code, ErrorCode::record_too_large);
  EXPECT_EQ(letters_.letters[0].error.message,
            "the rows of the record need more than 262144 bytes of memory");
  EXPECT_EQ(step_.dead.value(), 1);
}

TEST_F(SourceReaderTest, BadRowsOfARecord_HaveItsBytesOnceAndABoundedNumberOfLetters) {
  stream_.records[0] = {std::string(250, 'x'), "xx"};
  open();
  assign(0);
  poll();
  ASSERT_EQ(letters_.letters.size(), most_failures_of_record + 2);
  for (size_t i = 0; i < letters_.letters.size(); ++i) {
    const bool is_first = i == 0 || i == most_failures_of_record;
    EXPECT_EQ(letters_.letters[i].payload_base64.has_value(), is_first) << i;
  }
  EXPECT_EQ(letters_.letters[most_failures_of_record - 1].error.message,
            "bad (150 more bad rows of this record have no letter of their own)");
  EXPECT_EQ(letters_.offsets.back(), 1);
  EXPECT_EQ(step_.dead.value(), 252);
  EXPECT_EQ(step_.in.value(), 252);
}

TEST_F(SourceReaderTest, AsksForNoMoreThanTheEpochMayHold) {
  stream_.records[0] = {"1", "2", "3", "4", "5"};
  ReadLimits limits;
  limits.batch_records = 2;
  limits.epoch_records = 3;
  open(1, limits);
  assign(0);
  poll();
  EXPECT_EQ(stream_.most, 2u);
  EXPECT_FALSE(reader_->is_epoch_full());
  poll();
  EXPECT_EQ(stream_.most, 1u);
  EXPECT_TRUE(reader_->is_epoch_full());
  reader_->start_epoch();
  EXPECT_FALSE(reader_->is_epoch_full());
  EXPECT_EQ(reader_->oldest_record_us(), INT64_MAX);
  EXPECT_THAT(poll(), ElementsAre("0 +I 4", "0 +I 5", "0 watermark 5"));
}

TEST_F(SourceReaderTest, ASplitThatRunsFarAheadIsHeldUntilTheOthersFollow) {
  stream_.records[1] = {"10", "20"};
  ReadLimits limits;
  limits.batch_records = 1;
  open(1, limits);
  assign(0);
  assign(1);
  poll();
  stream_.records[0] = {"400000000"};
  poll();
  stream_.records[0].emplace_back("400000001");
  EXPECT_THAT(poll(), testing::Contains("0 +I 20"));
  EXPECT_THAT(stream_.held, ElementsAre(true, false));
  EXPECT_THAT(poll(), testing::Contains("0 +I 400000001"));
  EXPECT_THAT(stream_.held, ElementsAre(false, false));
}

TEST_F(SourceReaderTest, WhatItSavesIsWhatItGoesOnWith) {
  stream_.records[0] = {"10", "30"};
  stream_.records[1] = {"7"};
  open();
  assign(0);
  assign(1);
  poll();
  poll();
  const std::vector<SavedSplit> saved = reader_->save();
  ASSERT_EQ(saved.size(), 2u);
  EXPECT_EQ(saved[0].source, "here/stream");
  EXPECT_EQ(saved[0].position.next_offset, 2);
  EXPECT_EQ(saved[0].clocks.at("orders").watermark_us, 30);
  EXPECT_EQ(saved[1].clocks.at("orders").watermark_us, 7);
  EXPECT_EQ(reader_->sent_watermarks().at("orders"), 7);

  stream_.records[1].emplace_back("8");
  open();
  for (const SavedSplit& split : saved)
    assign(split.split.partition, split.position.next_offset, false, split.clocks);
  EXPECT_THAT(poll(), ElementsAre("0 +I 8", "0 watermark 8"));
}

TEST_F(SourceReaderTest, ASplitThatIsFinishedIsNotReadAgainAndAllOfThemEndTheScan) {
  stream_.records[0] = {"10"};
  stream_.is_finished = true;
  open();
  assign(0);
  EXPECT_THAT(poll(), ElementsAre("0 +I 10", "0 watermark 10", "0 watermark end"));
  ASSERT_TRUE(reader_->save()[0].finished);
  EXPECT_THAT(poll(), IsEmpty());
  EXPECT_THAT(stream_.held, ElementsAre(true));

  open();
  assign(0, 1, true, {{"orders", {10, false}}});
  poll();
  EXPECT_THAT(stream_.held, ElementsAre(true));
}

TEST_F(SourceReaderTest, TheLagIsMeasuredAgainWhenItMayHaveChanged) {
  stream_.records[0] = {"1", "2", "3"};
  ReadLimits limits;
  limits.batch_records = 1;
  open(1, limits);
  assign(0);
  EXPECT_EQ(reader_->measure_lag(), 3);
  poll();
  EXPECT_EQ(reader_->measure_lag(), 3) << "asked a moment ago";
  clock_.advance_us(1'000'000);
  EXPECT_EQ(reader_->measure_lag(), 2);
  poll();
  poll();
  EXPECT_EQ(reader_->measure_lag(), 0) << "the end was reached";
}

}  // namespace
}  // namespace sluice
