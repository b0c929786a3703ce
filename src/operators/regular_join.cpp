#include "operators/regular_join.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "operators/described.hpp"
#include "operators/join_side.hpp"
#include "operators/joined_rows.hpp"
#include "state/row_multiset.hpp"

namespace sluice {

namespace {

using Handle = RowMultiset::Handle;

// So many pairs are judged, and so many rows sent, at a time.
constexpr size_t chunk_rows = 4096;

enum class Verdict : uint8_t { joined, refused, failed };

// A row of the batch and a row of the other side with its key.
struct Pair {
  size_t change;
  Handle other;
  Verdict verdict;
};

// What is sent: a row of the batch, one of the other side, or both.
struct Output {
  RowKind kind;
  uint32_t own;
  std::optional<std::string_view> other;
  int64_t time_us;
};

// A row of the batch that adds to its side or takes back.
struct Change {
  uint32_t at;  // in the batch
  std::string row;
  int64_t time_us = 0;
  bool adds = true;
  bool has_key = true;  // else it is NULL
};

class RegularJoin final : public Operator {
 public:
  explicit RegularJoin(const RegularJoinSettings& settings)
      : settings_(settings),
        sides_{Side(settings.left, 0, settings.ttl_us), Side(settings.right, 1, settings.ttl_us)} {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    folded_ = &context.counters->dropped("folded");
    unmatched_ = &context.counters->dropped("unmatched");
    const std::string name = "regular join of step " + settings_.policy.step;
    stores_.open(*context.memory, name, &context.counters->state_bytes());
    pairs_bytes_.emplace(*context.memory, "pairs of the " + name);
    const Schema& left = *settings_.left.schema;
    const Schema& right = *settings_.right.schema;
    judged_.emplace(left, right, settings_.output, *context.memory, "pairs of the " + name);
    output_.emplace(left, right, settings_.output, *context.memory, "output of the " + name);
    return {};
  }

  // The other side stays as it is while a batch of this one is joined with it, but for how many
  // partners its rows have. So pairs are found first and judged many at a time, and then the rows
  // take their effect in their order.
  Status process(size_t input, const RecordBatch& batch, Collector& out) override {
    judged_->start(input, &batch);
    output_->start(input, &batch);
    sides_[input].codec.encode_keys(batch, keys_);
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      SLUICE_TRY(find_partners(input, batch, row));
      if (pairs_.size() >= chunk_rows) SLUICE_TRY(apply(input, out));
    }
    SLUICE_TRY(apply(input, out));
    SLUICE_TRY(send(out));
    return knows_watermark_ ? Status{} : sweep(sides_[input], sides_[input].newest_us);
  }

  Status on_watermark(Watermark watermark, Collector&) override {
    knows_watermark_ = true;
    if (watermark.is_final()) return {};
    for (Side& side : sides_) SLUICE_TRY(sweep(side, watermark.time_us()));
    return {};
  }

  StateStores* stores() override { return &stores_; }

  Status restore(const StateEntry& entry) override {
    const int64_t before = total_rows();
    SLUICE_TRY(Operator::restore(entry));
    context_->counters->held.add(total_rows() - before);
    return {};
  }

 private:
  struct Side {
    Side(const RegularJoinSide& from, uint8_t table, int64_t ttl_us)
        : codec(*from.schema, from.keys), rows(table, ttl_us) {}
    JoinSide codec;
    int64_t newest_us = INT64_MIN;
    RowMultiset rows;  // their value: of left rows of a left join, how many partners they have
  };

  int64_t total_rows() const { return sides_[0].rows.total_rows() + sides_[1].rows.total_rows(); }
  bool pads(size_t input) const { return settings_.left_outer && input == 0; }

  Status find_partners(size_t input, const RecordBatch& batch, uint32_t row) {
    Side& own = sides_[input];
    const RowMultiset& others = sides_[1 - input].rows;
    Change& change = changes_.emplace_back();
    change.at = row;
    change.time_us = batch.row_time(row);
    change.adds = is_addition(batch.kind(row));
    change.has_key = !own.codec.has_null_key(batch, row);
    own.newest_us = std::max(own.newest_us, change.time_us);
    own.codec.encode_row(batch, row, change.row);
    if (!change.has_key) return {};
    for (Handle other = others.first(keys_[row]); other != RowMultiset::none;
         other = others.next(other)) {
      pairs_.push_back({changes_.size() - 1, other, Verdict::joined});
    }
    const uint64_t bytes = pairs_.capacity() * sizeof(Pair);
    return bytes <= pairs_bytes_->bytes() ? Status{} : pairs_bytes_->resize(bytes);
  }

  Status apply(size_t input, Collector& out) {
    if (settings_.residual) SLUICE_TRY(judge(input));
    size_t first = 0;
    for (size_t i = 0; i < changes_.size(); ++i) {
      size_t last = first;
      while (last < pairs_.size() && pairs_[last].change == i) ++last;
      SLUICE_TRY(
          take_effect(input, changes_[i], std::span(pairs_).subspan(first, last - first), out));
      first = last;
    }
    changes_.clear();
    pairs_.clear();
    return stores_.charge();
  }

  Status judge(size_t input) {
    for (size_t first = 0; first < pairs_.size(); first += chunk_rows) {
      const size_t size = std::min(chunk_rows, pairs_.size() - first);
      SLUICE_TRY(judge(input, std::span(pairs_).subspan(first, size)));
    }
    return {};
  }

  Status judge(size_t input, std::span<Pair> pairs) {
    const RowMultiset& others = sides_[1 - input].rows;
    for (const Pair& pair : pairs) {
      const Change& change = changes_[pair.change];
      SLUICE_ASSIGN(const uint32_t other, judged_->decode(others.bytes_of(pair.other)));
      SLUICE_TRY(judged_->add({kind_of(change), change.at, other, change.time_us}));
    }
    const RecordBatch batch = judged_->take();
    std::vector<RowError> errors;
    SLUICE_ASSIGN(const std::vector<uint32_t> joined,
                  select_rows(*settings_.residual, batch, evaluation_context(*context_), errors));
    for (Pair& pair : pairs) pair.verdict = Verdict::refused;
    for (const uint32_t row : joined) pairs[row].verdict = Verdict::joined;
    for (const RowError& error : errors) pairs[error.row].verdict = Verdict::failed;
    context_->counters->created.add(static_cast<int64_t>(errors.size()));
    SLUICE_TRY(handle_row_errors(batch, errors, settings_.policy, *context_));
    return judged_->release();
  }

  static RowKind kind_of(const Change& change) {
    return change.adds ? RowKind::insert : RowKind::delete_row;
  }

  Status take_effect(size_t input, const Change& change, std::span<const Pair> pairs,
                     Collector& out) {
    const Output alone{kind_of(change), change.at, std::nullopt, change.time_us};
    if (!change.has_key) {
      unmatched_->add();
      return pads(input) ? emit(alone, 1, out) : Status{};
    }
    RowMultiset& own = sides_[input].rows;
    Handle row = own.find(keys_[change.at], change.row);
    const bool is_new = row == RowMultiset::none;
    if (is_new && !change.adds) {
      unmatched_->add();
      return {};
    }
    if (change.adds) row = own.add(keys_[change.at], change.row, change.time_us);
    SLUICE_ASSIGN(const int64_t partners, join(input, change, pairs, out));
    if (pads(input)) {
      if (is_new) own.set_value(row, partners);
      if (own.value(row) == 0) SLUICE_TRY(emit(alone, 1, out));
    }
    context_->counters->held.add(change.adds ? 1 : -1);
    if (change.adds) return {};
    folded_->add(2);  // itself, and the row that it takes back
    own.take_back(row);
    return {};
  }

  // Sends what the pairs that are joined amount to; how many partners those are.
  Result<int64_t> join(size_t input, const Change& change, std::span<const Pair> pairs,
                       Collector& out) {
    RowMultiset& others = sides_[1 - input].rows;
    int64_t partners = 0;
    for (const Pair& pair : pairs) {
      if (pair.verdict == Verdict::refused) continue;
      const std::string_view other = others.bytes_of(pair.other);
      const int64_t copies = others.count(pair.other);
      const int64_t time_us = std::max(change.time_us, others.time_us(pair.other));
      partners += copies;
      // Of the other side, what is sent without a partner: until its first comes, and again when
      // its last has gone.
      const bool pads_other = pads(1 - input);
      const Output alone{change.adds ? RowKind::delete_row : RowKind::insert, JoinedRows::none,
                         other, time_us};
      if (pads_other && change.adds && others.value(pair.other) == 0) {
        SLUICE_TRY(emit(alone, copies, out));
      }
      if (pair.verdict == Verdict::joined) {
        SLUICE_TRY(emit({kind_of(change), change.at, other, time_us}, copies, out));
      }
      if (!pads_other) continue;
      others.set_value(pair.other, others.value(pair.other) + (change.adds ? 1 : -1));
      if (!change.adds && others.value(pair.other) == 0) SLUICE_TRY(emit(alone, copies, out));
    }
    return partners;
  }

  Status emit(const Output& row, int64_t copies, Collector& out) {
    context_->counters->created.add(copies);
    for (int64_t copy = 0; copy < copies; ++copy) {
      uint32_t other = JoinedRows::none;
      if (row.other) {
        SLUICE_ASSIGN(other, output_->decode(*row.other));
      }
      SLUICE_TRY(output_->add({row.kind, row.own, other, row.time_us}));
      if (output_->rows() >= chunk_rows) SLUICE_TRY(send(out));
    }
    return {};
  }

  Status send(Collector& out) {
    if (output_->rows() == 0) return {};
    SLUICE_TRY(stores_.charge());
    SLUICE_TRY(out.emit(output_->take()));
    return output_->release();
  }

  Status sweep(Side& side, int64_t clock_us) {
    const int64_t freed = side.rows.sweep(clock_us);
    context_->counters->held.add(-freed);
    folded_->add(freed);
    return stores_.charge();
  }

  const RegularJoinSettings& settings_;
  std::array<Side, 2> sides_;
  StateStores stores_{&sides_[0].rows, &sides_[1].rows};
  OperatorContext* context_ = nullptr;
  Counter* folded_ = nullptr;
  Counter* unmatched_ = nullptr;
  // Of the batch at hand.
  BatchKeys keys_;
  std::vector<Change> changes_;
  std::vector<Pair> pairs_;
  std::optional<Reservation> pairs_bytes_;
  std::optional<JoinedRows> judged_;
  std::optional<JoinedRows> output_;
  bool knows_watermark_ = false;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_regular_join(RegularJoinSettings settings) {
  SchemaPtr output = settings.output;
  return describe<RegularJoin>("regular join", std::move(output), std::move(settings));
}

}  // namespace sluice
