#include "kit/split_source.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

struct Split {
  std::shared_ptr<const Origin> origin;
  SplitPosition position;
  int64_t records = 0;
};

class CountingSource final : public SplitSource<Split> {
 public:
  Status open(const SourceContext&) override { return {}; }
  Status assign(const std::vector<SplitAssignment>& splits) override {
    for (const SplitAssignment& split : splits)
      splits_.push_back({split.split, split.position.value_or(SplitPosition{})});
    return {};
  }
  void add(size_t split, int64_t records) { splits_[split].records += records; }
  void break_down() { is_broken_ = true; }

 private:
  Status before_reading() override {
    if (is_broken_) return fail_retriable(ErrorCode::source_failed, "broken");
    return {};
  }
  Result<std::optional<SplitRead>> read_split(Split& split, size_t max_records,
                                              RawBatch& raw) override {
    int64_t& next = split.position.next_offset;
    if (next == split.records) return std::nullopt;
    begin_batch(split, raw);
    while (next < split.records && raw.records.size() < max_records) {
      raw.records.emplace_back();
      raw.records.back().offset = next++;
    }
    return SplitRead{next == split.records, false};
  }
  int64_t lag_of(const Split& split) const override {
    return split.records - split.position.next_offset;
  }

  bool is_broken_ = false;
};

class SplitSourceTest : public testing::Test {
 protected:
  SplitSourceTest() {
    std::vector<SplitAssignment> splits;
    for (int32_t i = 0; i < 3; ++i)
      splits.push_back({std::make_shared<Origin>(Origin{"s", i}), std::nullopt});
    EXPECT_TRUE(source_.assign(splits).has_value());
  }
  // "1:2" is two records of split 1; "-": nothing.
  std::string poll(const std::vector<bool>& held = {false, false, false}, size_t most = 2) {
    const auto polled = source_.poll(most, held, raw_);
    if (!polled) return polled.error().message;
    if (!polled->split) return raw_.records.empty() ? "-" : "records of no split";
    EXPECT_EQ(raw_.origin->partition, static_cast<int32_t>(*polled->split));
    return std::to_string(*polled->split) + ":" + std::to_string(raw_.records.size()) +
           (polled->end_of_split ? " end" : "");
  }

  CountingSource source_;
  RawBatch raw_;
};

TEST_F(SplitSourceTest, SplitsTakeTurns) {
  for (size_t split : {0, 1, 2}) source_.add(split, 3);
  EXPECT_EQ(poll(), "0:2");
  EXPECT_EQ(poll(), "1:2");
  EXPECT_EQ(poll(), "2:2");
  EXPECT_EQ(poll(), "0:1 end");
}

TEST_F(SplitSourceTest, OneWithoutRecordsIsPassedOver) {
  source_.add(2, 1);
  EXPECT_EQ(poll(), "2:1 end");
  EXPECT_EQ(poll(), "-");
  source_.add(1, 4);
  EXPECT_EQ(poll(), "1:2");
  EXPECT_EQ(poll(), "1:2 end");
}

TEST_F(SplitSourceTest, OneThatIsHeldKeepsItsRecords) {
  for (size_t split : {0, 1}) source_.add(split, 2);
  EXPECT_EQ(poll({true, false, false}), "1:2 end");
  EXPECT_EQ(poll({true, false, false}), "-");
  EXPECT_EQ(poll(), "0:2 end");
}

TEST_F(SplitSourceTest, PositionsAndLagsAreBySplit) {
  source_.add(1, 5);
  EXPECT_EQ(poll(), "1:2");
  EXPECT_EQ(source_.positions()[1].next_offset, 2);
  EXPECT_EQ(source_.positions()[0].next_offset, 0);
  EXPECT_EQ(source_.lags(), (std::vector<int64_t>{0, 3, 0}));
}

TEST_F(SplitSourceTest, NothingIsReadWhereTheSourceAsAWholeFails) {
  source_.add(0, 2);
  source_.break_down();
  EXPECT_EQ(poll(), "broken");
  EXPECT_EQ(source_.positions()[0].next_offset, 0);
}

TEST(SplitSourceWithoutSplits, GivesNothing) {
  CountingSource source;
  RawBatch raw;
  source.break_down();
  const auto polled = source.poll(2, {}, raw);
  ASSERT_TRUE(polled.has_value());
  EXPECT_FALSE(polled->split.has_value());
}

}  // namespace
}  // namespace sluice
