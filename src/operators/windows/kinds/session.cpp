// GROUP BY of an append stream by sessions and keys. What operators/window_aggregate.hpp says of
// firing, freeing and emit_every holds here too; what differs: a row is refused iff its time is at
// or before seen - lag - accept, since any session may still come to it until then. With updates, a
// row that was sent is taken back (-D) when its session has become a part of another one, has
// another place, or is open again.
#include <algorithm>

#include "operators/described.hpp"
#include "operators/emission_interval.hpp"
#include "operators/windows/event_times.hpp"
#include "operators/windows/refused_rows.hpp"
#include "operators/windows/result_rows.hpp"
#include "operators/windows/sessions/session_store.hpp"
#include "operators/windows/window_operators.hpp"
#include "state/progress_marks.hpp"
#include "state/timers.hpp"
#include "windows/kinds/session.hpp"
#include "windows/window_assigner.hpp"

namespace sluice {

namespace {

using Mark = AggregateTable::Mark;

// Beside those of the sessions.
constexpr uint8_t progress_table = 2;
constexpr uint8_t timer_table = 3;
// The marks of progress: up to where sessions have fired, and are closed.
constexpr size_t fired_mark = 0;
constexpr size_t closed_mark = 1;

// The rows that the table of aggregates takes: with their session's number behind all else.
SchemaPtr numbered_schema(const Schema& input) {
  std::vector<Field> fields = input.fields();
  fields.push_back({"session", Type{TypeKind::bigint}});
  return std::make_shared<Schema>(std::move(fields));
}

std::vector<size_t> numbered_keys(const WindowAggregateSettings& settings) {
  std::vector<size_t> keys = plain_keys(settings);
  keys.push_back(settings.input->size());
  return keys;
}

struct Description {
  explicit Description(WindowAggregateSettings from)
      : settings(std::move(from)),
        gap_us(static_cast<const SessionWindow&>(*settings.window).gap_us()),
        schema(numbered_schema(*settings.input)),
        layout(schema, numbered_keys(settings), settings.calls),
        partition(*settings.input, settings.partition),
        is_told_by_start(tells_start(settings)) {}
  WindowAggregateSettings settings;
  int64_t gap_us;
  SchemaPtr schema;
  AggregateLayout layout;
  KeyEncoder partition;
  bool is_told_by_start;  // else by the end
};

class SessionAggregate final : public Operator {
 public:
  explicit SessionAggregate(const Description& description)
      : description_(description),
        settings_(description.settings),
        sessions_(description.layout, description.gap_us),
        emission_(description.settings.emit_every_us) {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    folded_ = &context.counters->dropped("folded");
    progress_.open(context.key_groups);
    stores_.open(*context.memory, "session aggregate of step " + settings_.policy.step,
                 &context.counters->state_bytes());
    return {};
  }

  Status process(size_t, const RecordBatch& batch, Collector& out) override {
    SLUICE_TRY(choose_rows(batch));
    if (rows_.empty()) return {};
    SLUICE_TRY(place_rows(batch, out));
    add_rows(batch);
    note_changes();
    sessions_.end_batch();
    return stores_.charge();
  }

  Status on_watermark(Watermark watermark, Collector& out) override {
    const int64_t until_us = earlier(watermark.time_us(), settings_.lag_us);
    const int64_t fired_us = fired_until_us();
    if (until_us <= fired_us) return {};
    SLUICE_TRY(correct(out));
    progress_.raise(fired_mark, until_us);
    progress_.raise(closed_mark, earlier(until_us, settings_.late.accept_us));
    ResultRows output = output_to(out);
    int64_t rows = 0;
    while (const auto due = timers_.take_due(until_us)) {
      const HashedKey key(due->key);
      SLUICE_TRY(fire(key, fired_us, output));
      rows += sessions_.free_until(key, closed_until_us());
      set_timer(key);
    }
    context_->counters->held.add(-rows);
    folded_->add(rows);
    SLUICE_TRY(output.flush());
    return stores_.charge();
  }

  Status on_barrier(const CheckpointBarrier& barrier, Collector& out) override {
    SLUICE_TRY(correct(out));
    if (settings_.emit_every_us == 0 || !emission_.admits(barrier)) return {};
    ResultRows output = output_to(out);
    for (const uint32_t id : sessions_.table().take_marked(Mark::changed)) {
      if (is_open(sessions_.session_of(id))) SLUICE_TRY(send(id, RowKind::update_after, output));
    }
    return output.flush();
  }

  std::optional<int64_t> next_emission_us() const override {
    const bool holds_back = sessions_.table().has_marked(Mark::changed);
    if (settings_.emit_every_us == 0 || !holds_back) return {};
    return emission_.next_us();
  }

  StateStores* stores() override { return &stores_; }

  Status snapshot(StateWriter& writer) override {
    stores_.snapshot(writer);
    return stores_.charge();
  }

  Status restore(const StateEntry& entry) override {
    const int64_t rows = sessions_.table().total_rows();
    SLUICE_TRY(stores_.restore(entry));
    context_->counters->held.add(sessions_.table().total_rows() - rows);
    return stores_.charge();
  }

 private:
  int64_t fired_until_us() const { return progress_.mark_us(fired_mark); }
  // Sessions that end up to there can change no more, also when `accept` was shorter before.
  int64_t closed_until_us() const { return progress_.mark_us(closed_mark); }
  bool is_open(const Session& session) const { return session.span.end_us > fired_until_us(); }
  bool updates() const { return settings_.emit_every_us > 0 || settings_.late.accept_us > 0; }
  // The session's number is not sent.
  ResultRows output_to(Collector& out) const {
    return ResultRows({settings_, *context_, out}, {Type{TypeKind::bigint}});
  }

  // The rows of the batch that count. What becomes of the others is said.
  Status choose_rows(const RecordBatch& batch) {
    rows_.clear();
    std::vector<RowError> errors;
    const Column& times = batch.column(settings_.time_column);
    const int64_t watermark_us = later(fired_until_us(), settings_.lag_us);
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      const int64_t time_us = times.values<int64_t>()[row];
      if (times.is_null(row) || !WindowAssigner::is_in_range(time_us)) {
        errors.push_back(unusable_time(times.is_null(row), row));
      } else if (time_us > refused_until(settings_, batch.seen(row), closed_until_us())) {
        rows_.push_back(row);
      } else {
        SLUICE_TRY(refuse_late({batch, row}, watermark_us, settings_, *context_));
      }
    }
    return handle_row_errors(batch, errors, settings_.policy, *context_);
  }

  Status place_rows(const RecordBatch& batch, Collector& out) {
    ResultRows output = output_to(out);
    const auto take_back = [&](uint32_t id) {
      return output.take_back(sessions_.table(), id, *sessions_.sent(id));
    };
    const int64_t* times_us = batch.column(settings_.time_column).values<int64_t>();
    description_.partition.encode(batch, partitions_);
    placed_.clear();
    for (const uint32_t row : rows_) {
      SLUICE_ASSIGN(Session* const session,
                    sessions_.place(partitions_[row], times_us[row], take_back));
      placed_.push_back(session);
    }
    return output.flush();
  }

  void add_rows(const RecordBatch& batch) {
    auto numbers = std::make_shared<Column>(Type{TypeKind::bigint}, batch.rows());
    int64_t* values = numbers->mutable_values<int64_t>();
    std::fill(values, values + batch.rows(), 0);
    for (size_t i = 0; i < rows_.size(); ++i) {
      values[rows_[i]] = SessionStore::current(*placed_[i]).number;
    }
    std::vector<ColumnPtr> columns = batch.columns();
    columns.push_back(std::move(numbers));
    const RecordBatch numbered(description_.schema, std::move(columns), batch.rows());
    description_.layout.keys.encode(numbered, keys_);
    sessions_.add(numbered, keys_, rows_, placed_, ids_);
    context_->counters->held.add(static_cast<int64_t>(rows_.size()));
  }

  // Marks what has to be sent again, and sets the timers of what has grown.
  void note_changes() {
    for (size_t i = 0; i < rows_.size(); ++i) {
      Session& session = SessionStore::current(*placed_[i]);
      note_change(session, ids_[i]);
      if (!session.has_grown) continue;
      for (const uint32_t id : session.ids) note_change(session, id);
      session.has_grown = false;
      session.lost_sent_rows = false;
      const int64_t time_us = event_of(session);
      const HashedKey key = sessions_.key_of(session);
      const auto timer_us = timers_.time_us(key);
      if (!timer_us || time_us < *timer_us) timers_.set(key, time_us);
    }
  }

  void note_change(const Session& session, uint32_t id) {
    AggregateTable& table = sessions_.table();
    if (!is_open(session)) return table.mark(id, Mark::corrected);
    if (settings_.emit_every_us > 0) {
      table.mark(id, Mark::changed);
      // What was taken back is shown in its new place at once.
      if (session.lost_sent_rows) table.mark(id, Mark::corrected);
    } else if (sessions_.sent(id)) {
      table.mark(id, Mark::corrected);
    }
  }

  // When something is to be done about a session: it fires, or is freed.
  int64_t event_of(const Session& session) const {
    const int64_t end_us = session.span.end_us;
    return is_open(session) ? end_us : later(end_us, settings_.late.accept_us);
  }

  void set_timer(const HashedKey& key) {
    const SessionStore::Sessions* sessions = sessions_.of_partition(key);
    if (sessions == nullptr) return;
    int64_t earliest_us = INT64_MAX;
    for (const auto& session : *sessions) earliest_us = std::min(earliest_us, event_of(*session));
    timers_.set(key, earliest_us);
  }

  // Sends the sessions of a partition that have ended since `fired_us`.
  Status fire(const HashedKey& key, int64_t fired_us, ResultRows& output) {
    const SessionStore::Sessions* sessions = sessions_.of_partition(key);
    if (sessions == nullptr) return {};
    const RowKind kind = settings_.emit_every_us > 0 ? RowKind::update_after : RowKind::insert;
    for (const auto& session : *sessions) {
      if (session->span.end_us <= fired_us || is_open(*session)) continue;
      for (const uint32_t id : session->ids) SLUICE_TRY(send(id, kind, output));
    }
    return {};
  }

  // Sends sessions again that have fired and were changed since, and takes back those that are open
  // again.
  Status correct(Collector& out) {
    if (!sessions_.table().has_marked(Mark::corrected)) return {};
    ResultRows output = output_to(out);
    for (const uint32_t id : sessions_.table().take_marked(Mark::corrected)) {
      const bool waits = is_open(sessions_.session_of(id)) && settings_.emit_every_us == 0;
      if (!waits) SLUICE_TRY(send(id, RowKind::update_after, output));
      if (waits) SLUICE_TRY(take_back(id, output));
    }
    return output.flush();
  }

  Status send(uint32_t id, RowKind kind, ResultRows& output) {
    const WindowSpan span = sessions_.session_of(id).span;
    const auto& sent = sessions_.sent(id);
    const bool has_moved = sent && (description_.is_told_by_start ? sent->start_us != span.start_us
                                                                  : sent->end_us != span.end_us);
    if (has_moved) SLUICE_TRY(take_back(id, output));
    if (updates()) sessions_.set_sent(id, span);
    return output.add(sessions_.table(), id, span, kind);
  }

  Status take_back(uint32_t id, ResultRows& output) {
    const auto sent = sessions_.sent(id);
    if (!sent) return {};
    sessions_.set_sent(id, std::nullopt);
    return output.take_back(sessions_.table(), id, *sent);
  }

  const Description& description_;
  const WindowAggregateSettings& settings_;
  SessionStore sessions_;
  ProgressMarks progress_{progress_table, 2};
  Timers timers_{timer_table};
  StateStores stores_{&sessions_, &progress_, &timers_};
  OperatorContext* context_ = nullptr;
  Counter* folded_ = nullptr;
  EmissionInterval emission_;
  // Of the batch at hand.
  std::vector<uint32_t> rows_;
  BatchKeys partitions_;
  std::vector<Session*> placed_;
  BatchKeys keys_;
  std::vector<uint32_t> ids_;
};

}  // namespace

void register_session(WindowOperators& operators) {
  operators.add("session", [](WindowAggregateSettings settings) {
    SchemaPtr output = settings.output;
    return describe<SessionAggregate>("session aggregate", std::move(output),
                                      Description(std::move(settings)));
  });
}

}  // namespace sluice
