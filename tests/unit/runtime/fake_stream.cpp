#include "unit/runtime/fake_stream.hpp"

#include <stdexcept>

namespace sluice::test {

namespace {

class FakeSource final : public Source {
 public:
  explicit FakeSource(FakeStream& stream) : stream_(stream) {}
  Status open(const SourceContext&) override { return {}; }
  Status assign(const std::vector<SplitAssignment>& splits) override {
    for (const SplitAssignment& split : splits) {
      stream_.assigned.push_back(split);
      splits_.push_back(split.split);
      positions_.push_back(split.position.value_or(SplitPosition{}));
    }
    return {};
  }
  Result<PollResult> poll(size_t max_records, const std::vector<bool>& held,
                          RawBatch& raw) override {
    stream_.held = held;
    stream_.most = max_records;
    for (size_t i = 0; i < positions_.size(); ++i) {
      if (!held[i] && has_news(i)) return read(i, max_records, raw);
    }
    return PollResult{};
  }
  std::vector<SplitPosition> positions() const override { return positions_; }
  std::vector<int64_t> lags() const override {
    std::vector<int64_t> lags;
    for (size_t i = 0; i < positions_.size(); ++i)
      lags.push_back(static_cast<int64_t>(records(i).size()) - positions_[i].next_offset);
    return lags;
  }
  Status close() override { return {}; }

 private:
  const std::vector<std::string>& records(size_t split) const {
    return stream_.records[splits_[split]->partition];
  }
  bool has_news(size_t split) const {
    return positions_[split].next_offset < static_cast<int64_t>(records(split).size()) ||
           stream_.is_finished;
  }
  PollResult read(size_t split, size_t max_records, RawBatch& raw) {
    raw.origin = splits_[split];
    raw.arena = std::make_shared<Arena>();
    int64_t& next = positions_[split].next_offset;
    const auto end = static_cast<int64_t>(records(split).size());
    while (next < end && raw.records.size() < max_records) {
      RawRecord record;
      record.value = raw.arena->copy(records(split)[static_cast<size_t>(next)]);
      record.value_is_null = false;
      record.timestamp_us = 1'000 + next;
      record.offset = next++;
      raw.records.push_back(record);
    }
    return {split, next == end, next == end && stream_.is_finished};
  }

  FakeStream& stream_;
  std::vector<std::shared_ptr<const Origin>> splits_;
  std::vector<SplitPosition> positions_;
};

class FakeStreamDescription final : public SourceDescription {
 public:
  explicit FakeStreamDescription(FakeStream& stream) : stream_(stream) {}
  std::string identity() const override { return "stream"; }
  std::string manner() const override { return {}; }
  bool is_bounded() const override { return stream_.is_bounded; }
  Result<std::vector<std::shared_ptr<const Origin>>> discover(const Environment&) const override {
    const std::lock_guard lock(stream_.mutex);
    ++stream_.looks;
    if (stream_.throws) throw std::runtime_error("thrown");
    if (stream_.trouble) return fail(*stream_.trouble);
    std::vector<std::shared_ptr<const Origin>> splits;
    for (int32_t i = 0; i < stream_.splits; ++i)
      splits.push_back(std::make_shared<Origin>(Origin{"orders", i}));
    return splits;
  }
  bool start_may_move(const std::optional<SplitPosition>& saved) const override {
    return stream_.start_may_move && !saved;
  }
  std::unique_ptr<Source> create() const override { return std::make_unique<FakeSource>(stream_); }

 private:
  FakeStream& stream_;
};

}  // namespace

std::unique_ptr<SourceDescription> describe(FakeStream& stream) {
  return std::make_unique<FakeStreamDescription>(stream);
}

}  // namespace sluice::test
