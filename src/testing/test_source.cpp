#include "base/assert.hpp"
#include "kit/split_source.hpp"
#include "testing/test_connector.hpp"

namespace sluice {

namespace {

struct TestSplit {
  std::shared_ptr<const Origin> origin;
  SplitPosition position;
  bool has_reported_end = false;
};

class TestSource final : public SplitSource<TestSplit> {
 public:
  TestSource(TestWorld& world, const std::string& name) : world_(world), name_(name) {}

  Status open(const SourceContext& context) override {
    clock_ = context.environment.clock;
    return {};
  }
  Status assign(const std::vector<SplitAssignment>& splits) override {
    SLUICE_ASSERT(splits.size() == 1 && splits_.empty(), "a source of a test has one split");
    splits_.push_back({splits.front().split, splits.front().position.value_or(SplitPosition{})});
    return {};
  }

 private:
  Result<std::optional<SplitRead>> read_split(TestSplit& split, size_t max_records,
                                              RawBatch& raw) override {
    const std::vector<std::string>& records = world_.records[name_];
    int64_t& next = split.position.next_offset;
    const bool is_at_end = next == static_cast<int64_t>(records.size());
    if (is_at_end ? split.has_reported_end : world_.allowance == 0) return std::nullopt;
    begin_batch(split, raw);
    while (raw.records.size() < max_records && world_.allowance > 0 &&
           next < static_cast<int64_t>(records.size())) {
      RawRecord record;
      record.value = raw.arena->copy(records[static_cast<size_t>(next)]);
      record.value_is_null = false;
      record.offset = next++;
      record.timestamp_us = clock_->now_us();
      raw.records.push_back(record);
      --world_.allowance;
    }
    split.has_reported_end = next == static_cast<int64_t>(records.size());
    return SplitRead{split.has_reported_end, false};
  }
  int64_t lag_of(const TestSplit&) const override { return -1; }

  TestWorld& world_;
  const std::string& name_;
  Clock* clock_ = nullptr;
};

class TestSourceDescription final : public SourceDescription {
 public:
  TestSourceDescription(TestWorld& world, std::string name)
      : world_(world), name_(std::move(name)) {}
  std::string identity() const override { return "test:" + name_; }
  std::string manner() const override { return {}; }
  bool is_bounded() const override { return false; }
  Result<std::vector<std::shared_ptr<const Origin>>> discover(const Environment&) const override {
    return std::vector<std::shared_ptr<const Origin>>{std::make_shared<Origin>(Origin{name_, 0})};
  }
  std::unique_ptr<Source> create() const override {
    return std::make_unique<TestSource>(world_, name_);
  }

 private:
  TestWorld& world_;
  std::string name_;
};

}  // namespace

std::unique_ptr<SourceDescription> make_test_source(TestWorld& world, const std::string& name) {
  return std::make_unique<TestSourceDescription>(world, name);
}

}  // namespace sluice
