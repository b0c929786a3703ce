#include "operators/interval_join.hpp"

#include <algorithm>
#include <array>

#include "operators/described.hpp"
#include "operators/join_side.hpp"
#include "operators/joined_rows.hpp"
#include "state/progress_marks.hpp"
#include "state/timed_rows.hpp"

namespace sluice {

namespace {

// Rows are freed in steps of a part of the interval, so that the time index stays small.
constexpr int64_t buckets_per_interval = 64;
constexpr int64_t smallest_bucket_us = 1'000'000;
// Beside those of the two sides.
constexpr uint8_t progress_table = 2;
// Its marks: how far the rows of the sides have been freed, and the watermark.
constexpr size_t watermark_mark = 2;

using TimedRow = TimedRows::Row;
using NewRow = TimedRows::NewRow;

// How far ahead keys are fetched, and then their rows.
constexpr size_t prefetched_keys = 48;
constexpr size_t prefetched_rows = 24;
// So many partners are decoded at a time, and so many pairs judged and sent.
constexpr size_t chunk_rows = 4096;
// What is freed is sent in parts of about this size.
constexpr uint64_t output_part_bytes = 64 * 1024;

// Of times and durations; stays at the ends of the range.
int64_t saturating_add(int64_t left, int64_t right) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(left, right, &sum)) return sum;
  return right < 0 ? INT64_MIN : INT64_MAX;
}

int64_t bucket_width(const IntervalJoinSettings& settings) {
  return std::max(smallest_bucket_us,
                  (settings.upper_us - settings.lower_us) / buckets_per_interval);
}

// Both ends included.
struct TimeRange {
  int64_t first_us;
  int64_t last_us;
};

// A row of the batch, and rows of the other side that it matches by time.
struct Run {
  size_t own;
  std::span<const TimedRows::Place> others;
};

// What was joined: a row of the batch, and one of the other side.
struct Members {
  NewRow* own;
  TimedRow* other;
};

// The rows of a batch on their way to those of their side.
struct OwnRows {
  BatchKeys keys;  // of the whole batch
  std::vector<uint32_t> at;
  std::vector<NewRow> rows;
  std::vector<TimedRows::Key> key_ids;
  std::string bytes;  // of the rows, one behind the other
  std::vector<size_t> ends;

  void clear() {
    at.clear();
    rows.clear();
    bytes.clear();
    ends.clear();
  }
};

class IntervalJoin final : public Operator {
 public:
  explicit IntervalJoin(const IntervalJoinSettings& settings)
      : settings_(settings),
        sides_{Side(settings.left), Side(settings.right)},
        rows_(sides_.size(), bucket_width(settings)) {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    folded_ = &context.counters->dropped("folded");
    unmatched_ = &context.counters->dropped("unmatched");
    progress_.open(context.key_groups);
    stores_.open(*context.memory, "interval join of step " + settings_.policy.step,
                 &context.counters->state_bytes());
    const std::string output = "output of the interval join of step " + settings_.policy.step;
    const Schema& left = *settings_.left.schema;
    const Schema& right = *settings_.right.schema;
    pairs_.emplace(left, right, settings_.output, *context.memory, output);
    alone_.emplace(left, right, settings_.output, *context.memory, output);
    return {};
  }

  Status process(size_t input, const RecordBatch& batch, Collector& out) override {
    pairs_->start(input, &batch);
    alone_->start(input, &batch);
    SLUICE_TRY(take_rows(input, batch));
    rows_.intern(own_.keys, own_.at, own_.key_ids);
    for (size_t i = 0; i < own_.rows.size(); ++i) {
      prefetch(input, i);
      SLUICE_TRY(join_row(input, i, out));
    }
    SLUICE_TRY(emit_runs(input, out));
    rows_.add(input, own_.key_ids, own_.rows);
    context_->counters->held.add(static_cast<int64_t>(own_.rows.size()));
    return send_alone(out);
  }

  Status on_watermark(Watermark watermark, Collector& out) override {
    progress_.raise(watermark_mark, watermark.time_us());
    SLUICE_TRY(free_side(0, settings_.right, -settings_.upper_us, out));
    return free_side(1, settings_.left, settings_.lower_us, out);
  }

  StateStores* stores() override { return &stores_; }

  Status restore(const StateEntry& entry) override {
    if (entry.table != progress_table) context_->counters->held.add();
    return Operator::restore(entry);
  }

 private:
  struct Side {
    explicit Side(const IntervalJoinSide& from) : settings(from), codec(*from.schema, from.keys) {}
    const IntervalJoinSide& settings;
    JoinSide codec;
  };

  // Behind what its partition has passed, or too late for partners that are gone.
  bool is_late(size_t input, int64_t time_us, int64_t seen_us) const {
    if (partners_of(input, time_us).first_us < freed_before_us(1 - input)) return true;
    const IntervalJoinSide& side = sides_[input].settings;
    if (!side.late.refuses || seen_us == not_behind) return false;
    return time_us < accepted_from_us(side, seen_us);
  }

  int64_t watermark_us() const { return progress_.mark_us(watermark_mark); }

  // Also before a restore, and under another accept.
  int64_t freed_before_us(size_t side) const { return progress_.mark_us(side); }

  static int64_t accepted_from_us(const IntervalJoinSide& side, int64_t watermark_us) {
    return saturating_add(watermark_us, -(side.lag_us + side.late.accept_us));
  }

  // The times of the other side's rows that a row with this time matches.
  TimeRange partners_of(size_t input, int64_t time_us) const {
    // right.time in [left.time + lower, left.time + upper].
    const bool is_left = input == 0;
    return {saturating_add(time_us, is_left ? settings_.lower_us : -settings_.upper_us),
            saturating_add(time_us, is_left ? settings_.upper_us : -settings_.lower_us)};
  }

  Status refuse(const IntervalJoinSide& side, const RecordBatch& batch, uint32_t row) {
    if (side.late.action == RowPolicy::drop) {
      context_->counters->late(RowPolicy::drop).add();
      return {};
    }
    Error error{ErrorCode::late_row,
                "the row came after its join partners could be freed",
                Retry::never,
                {}};
    DeadLetter letter = dead_letter_of_row(batch, row, settings_.policy.step, std::move(error));
    const int64_t watermark_us = this->watermark_us();
    const bool has_watermark = watermark_us != INT64_MIN && watermark_us != INT64_MAX;
    if (!letter.watermark_us && has_watermark) letter.watermark_us = watermark_us;
    if (side.late.action == RowPolicy::fail) return fail(stopping_error(std::move(letter)));
    context_->counters->late(RowPolicy::dead_letter).add();
    return context_->dead_letters->add(std::move(letter));
  }

  bool is_kept_when_unmatched(size_t input) const { return settings_.left_outer && input == 0; }

  // A row that can have no partner: NULL in key or time.
  Status pass_without_partner(size_t input, const RecordBatch& batch, uint32_t row) {
    unmatched_->add();
    if (!is_kept_when_unmatched(input)) return {};
    const int64_t time_us = batch.row_time(row);
    return alone_->add({RowKind::insert, row, JoinedRows::none, time_us, batch.seen(row)});
  }

  // Those that may have partners; the others go their way.
  Status take_rows(size_t input, const RecordBatch& batch) {
    const Side& side = sides_[input];
    const Column& times = batch.column(side.settings.time_column);
    own_.clear();
    side.codec.encode_keys(batch, own_.keys);
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      const int64_t time_us = times.values<int64_t>()[row];
      const bool has_time = !times.is_null(row);
      // Also without a key: what is behind counts on a time that is not later than was accepted.
      if (has_time && is_late(input, time_us, batch.seen(row))) {
        SLUICE_TRY(refuse(side.settings, batch, row));
      } else if (!has_time || side.codec.has_null_key(batch, row)) {
        SLUICE_TRY(pass_without_partner(input, batch, row));
      } else {
        own_.at.push_back(row);
        own_.rows.push_back({time_us, batch.seen(row), {}, false});
        side.codec.encode_row(batch, row, own_.bytes);
        own_.ends.push_back(own_.bytes.size());
      }
    }
    size_t start = 0;
    for (size_t i = 0; i < own_.rows.size(); start = own_.ends[i++]) {
      own_.rows[i].bytes = std::string_view(own_.bytes).substr(start, own_.ends[i] - start);
    }
    return {};
  }

  void prefetch(size_t input, size_t at) const {
    const std::vector<TimedRows::Key>& keys = own_.key_ids;
    if (at + prefetched_keys < keys.size()) rows_.prefetch(keys[at + prefetched_keys]);
    if (at + prefetched_rows < keys.size()) {
      rows_.prefetch_rows(1 - input, keys[at + prefetched_rows]);
    }
  }

  Status join_row(size_t input, size_t at, Collector& out) {
    const TimeRange times = partners_of(input, own_.rows[at].time_us);
    auto others = rows_.range(1 - input, own_.key_ids[at], times.first_us, times.last_us);
    while (!others.empty()) {
      SLUICE_ASSIGN(const size_t decoded, decode(others));
      runs_.push_back({at, others.first(decoded)});
      others = others.subspan(decoded);
      if (decoded_.size() == chunk_rows) SLUICE_TRY(emit_runs(input, out));
    }
    return {};
  }

  // As many as there is room for; how many. Rows of one key share partners: each of those is
  // decoded once, and notes where it is.
  Result<size_t> decode(std::span<const TimedRows::Place> others) {
    for (size_t i = 0; i < others.size(); ++i) {
      TimedRow& other = *others[i].row;
      if (other.note < decoded_.size() && decoded_[other.note] == &other) continue;
      if (decoded_.size() == chunk_rows) return i;
      SLUICE_ASSIGN(other.note, pairs_->decode(other.bytes()));
      decoded_.push_back(&other);
    }
    return others.size();
  }

  Status emit_runs(size_t input, Collector& out) {
    for (const Run& run : runs_) {
      NewRow& own = own_.rows[run.own];
      for (const TimedRows::Place& place : run.others) {
        const TimedRow& other = *place.row;
        SLUICE_TRY(pairs_->add({RowKind::insert, own_.at[run.own], other.note,
                                std::max(own.time_us, other.time_us),
                                std::max(own.seen_us, other.seen_us)}));
        members_.push_back({&own, place.row});
        if (members_.size() == chunk_rows) SLUICE_TRY(emit_pairs(input, out));
      }
    }
    SLUICE_TRY(emit_pairs(input, out));
    runs_.clear();
    decoded_.clear();
    return pairs_->release();
  }

  // Frees the rows of a side that no acceptable row of the other can match any more. A later row of
  // the other side has a time of at least watermark - lag - accept; `reach_us` leads from there to
  // the earliest time of ours that it matches.
  Status free_side(size_t input, const IntervalJoinSide& other, int64_t reach_us, Collector& out) {
    const int64_t other_us = accepted_from_us(other, watermark_us());
    const int64_t cut_us =
        watermark_us() == INT64_MAX ? INT64_MAX : saturating_add(other_us, reach_us);
    std::function<Status(const TimedRow&)> on_unmatched;
    if (is_kept_when_unmatched(input)) {
      alone_->start(1 - input, nullptr);
      on_unmatched = [&](const TimedRow& row) -> Status {
        SLUICE_ASSIGN(const uint32_t held, alone_->decode(row.bytes()));
        SLUICE_TRY(
            alone_->add({RowKind::insert, JoinedRows::none, held, row.time_us, row.seen_us}));
        return alone_->bytes() < output_part_bytes ? Status{} : send_alone(out);
      };
    }
    SLUICE_ASSIGN(const TimedRows::Freed freed, rows_.free_before(input, cut_us, on_unmatched));
    context_->counters->held.add(-freed.matched - freed.unmatched);
    folded_->add(freed.matched);
    unmatched_->add(freed.unmatched);
    progress_.raise(input, rows_.freed_before_us(input));
    return send_alone(out);
  }

  // Rows without a partner, of which the residual is not asked. Those that are freed go a part at a
  // time, in the room that those before have left: all at once may not fit beside what is held.
  Status send_alone(Collector& out) {
    SLUICE_TRY(stores_.charge());
    if (alone_->rows() == 0) return {};
    SLUICE_TRY(out.emit(take(*alone_)));
    return alone_->release();
  }

  RecordBatch take(JoinedRows& rows) {
    context_->counters->created.add(static_cast<int64_t>(rows.rows()));
    return rows.take();
  }

  // Pairs that the residual refuses are no matches. One it cannot judge is a dead letter, and its
  // rows have had their match.
  Status emit_pairs(size_t input, Collector& out) {
    if (members_.empty()) return {};
    RecordBatch batch = take(*pairs_);
    if (settings_.residual) {
      SLUICE_ASSIGN(batch, judge(input, batch));
    } else {
      for (const Members& members : members_) mark_matched(input, members);
    }
    members_.clear();
    return out.emit(std::move(batch));
  }

  // The pairs that the residual takes.
  Result<RecordBatch> judge(size_t input, const RecordBatch& batch) {
    std::vector<RowError> errors;
    SLUICE_ASSIGN(const std::vector<uint32_t> kept,
                  select_rows(*settings_.residual, batch, evaluation_context(*context_), errors));
    for (const uint32_t row : kept) mark_matched(input, members_[row]);
    for (const RowError& error : errors) mark_matched(input, members_[error.row]);
    const size_t dropped = batch.rows() - kept.size() - errors.size();
    context_->counters->dropped("filtered").add(static_cast<int64_t>(dropped));
    SLUICE_TRY(handle_row_errors(batch, errors, settings_.policy, *context_));
    return batch.gather(kept);
  }

  void mark_matched(size_t input, const Members& members) {
    members.own->is_matched = true;
    rows_.mark_matched(1 - input, *members.other);
  }

  const IntervalJoinSettings& settings_;
  std::array<Side, 2> sides_;
  TimedRows rows_;  // a list for each side
  OperatorContext* context_ = nullptr;
  Counter* folded_ = nullptr;
  Counter* unmatched_ = nullptr;
  ProgressMarks progress_{progress_table, 3};
  StateStores stores_{&rows_, &progress_};
  // Of the batch being processed.
  OwnRows own_;
  std::vector<Run> runs_;
  std::vector<const TimedRow*> decoded_;  // the partners that are
  std::vector<Members> members_;          // of the pairs
  std::optional<JoinedRows> pairs_;
  std::optional<JoinedRows> alone_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_interval_join(IntervalJoinSettings settings) {
  SchemaPtr output = settings.output;
  return describe<IntervalJoin>("interval join", std::move(output), std::move(settings));
}

}  // namespace sluice
