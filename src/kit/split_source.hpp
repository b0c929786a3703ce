// SplitSource: what all sources do with their splits: they take turns, and their positions are the
// source's state. A source derives from it and says how a split is opened (Source::assign fills
// `splits_`), how one is read, and how much is left. Owned and called as Source says.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "dataflow/source.hpp"

namespace sluice {

// What a look at a split has given, beside the records in the batch.
struct SplitRead {
  bool end_of_split = false;  // as in PollResult
  bool finished = false;
};

// Split has the members `std::shared_ptr<const Origin> origin` and `SplitPosition position`.
template <class Split>
class SplitSource : public Source {
 public:
  Result<PollResult> poll(size_t max_records, const std::vector<bool>& held, RawBatch& raw) final {
    raw.clear();
    if (splits_.empty()) return PollResult{};
    SLUICE_TRY(before_reading());
    const size_t first = next_turn();
    for (size_t i = 0; i < splits_.size(); ++i) {
      const size_t index = (first + i) % splits_.size();
      if (held[index]) continue;
      SLUICE_ASSIGN(const std::optional<SplitRead> read,
                    read_split(splits_[index], max_records, raw));
      if (!read) continue;
      turn_ = index + 1;
      return PollResult{index, read->end_of_split, read->finished};
    }
    return PollResult{};
  }

  std::vector<SplitPosition> positions() const final {
    std::vector<SplitPosition> positions;
    for (const Split& split : splits_) positions.push_back(split.position);
    return positions;
  }

  std::vector<int64_t> lags() const final {
    std::vector<int64_t> lags;
    for (const Split& split : splits_) lags.push_back(lag_of(split));
    return lags;
  }

  Status close() override {
    splits_.clear();
    return {};
  }

 protected:
  // Up to max_records of the split into `raw`, which is empty, and its position behind them. None:
  // there is nothing to read or to say now, and `raw` is empty still.
  virtual Result<std::optional<SplitRead>> read_split(Split& split, size_t max_records,
                                                      RawBatch& raw) = 0;
  // Records between its position and its end; -1 unknown.
  virtual int64_t lag_of(const Split& split) const = 0;
  // Once before each look at the splits.
  virtual Status before_reading() { return {}; }
  // The split whose turn it is: the one behind that which was read last.
  virtual size_t next_turn() { return turn_ % splits_.size(); }

  // Makes `raw` a batch of this split, with an arena for its records.
  static void begin_batch(const Split& split, RawBatch& raw) {
    raw.origin = split.origin;
    raw.arena = std::make_shared<Arena>();
  }

  std::vector<Split> splits_;  // in order of assignment

 private:
  size_t turn_ = 0;
};

}  // namespace sluice
