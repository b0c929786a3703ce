#include "base/assert.hpp"
#include "testing/test_connector.hpp"

namespace sluice {

namespace {

class TestSource final : public Source {
 public:
  TestSource(TestWorld& world, const std::string& name) : world_(world), name_(name) {}

  Status open(const SourceContext& context) override {
    clock_ = context.environment.clock;
    return {};
  }
  Status assign(const std::vector<SplitAssignment>& splits) override {
    SLUICE_ASSERT(splits.size() == 1 && !split_, "a source of a test has one split");
    split_ = splits.front().split;
    if (splits.front().position) position_ = *splits.front().position;
    return {};
  }
  Result<PollResult> poll(size_t max_records, const std::vector<bool>& held,
                          RawBatch& raw) override {
    raw.clear();
    const std::vector<std::string>& records = world_.records[name_];
    const bool is_at_end = position_.next_offset == static_cast<int64_t>(records.size());
    if (held[0] || (is_at_end ? has_reported_end_ : world_.allowance == 0)) return PollResult{};
    raw.origin = split_;
    raw.arena = std::make_shared<Arena>();
    while (raw.records.size() < max_records && world_.allowance > 0 &&
           position_.next_offset < static_cast<int64_t>(records.size())) {
      RawRecord record;
      record.value = raw.arena->copy(records[static_cast<size_t>(position_.next_offset)]);
      record.value_is_null = false;
      record.offset = position_.next_offset++;
      record.timestamp_us = clock_->now_us();
      raw.records.push_back(record);
      --world_.allowance;
    }
    has_reported_end_ = position_.next_offset == static_cast<int64_t>(records.size());
    return PollResult{0, has_reported_end_, false};
  }
  std::vector<SplitPosition> positions() const override { return {position_}; }
  std::vector<int64_t> lags() const override { return {-1}; }
  Status close() override { return {}; }

 private:
  TestWorld& world_;
  const std::string& name_;
  Clock* clock_ = nullptr;
  std::shared_ptr<const Origin> split_;
  SplitPosition position_;
  bool has_reported_end_ = false;
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
