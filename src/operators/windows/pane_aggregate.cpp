#include "operators/windows/pane_aggregate.hpp"

#include <algorithm>
#include <optional>

#include "operators/aggregates/partial_rows.hpp"
#include "operators/described.hpp"
#include "operators/emission_interval.hpp"
#include "operators/windows/event_times.hpp"
#include "operators/windows/refused_rows.hpp"
#include "operators/windows/row_assigner.hpp"
#include "operators/windows/window_changes.hpp"
#include "state/progress_marks.hpp"

namespace sluice {

namespace {

// Beside those of the panes.
constexpr uint8_t progress_table = 2;
// Its marks: up to where windows have fired, and are closed.
constexpr size_t fired_mark = 0;
constexpr size_t closed_mark = 1;

struct Description {
  Description(WindowAggregateSettings from, MakeMerger merger)
      : settings(std::move(from)),
        layout(settings.input, plain_keys(settings), settings.calls),
        make_merger(merger) {}
  WindowAggregateSettings settings;
  AggregateLayout layout;
  MakeMerger make_merger;
};

class PaneAggregate final : public Operator {
 public:
  explicit PaneAggregate(const Description& description)
      : settings_(description.settings),
        layout_(description.layout),
        make_merger_(description.make_merger),
        panes_(layout_),
        emission_(description.settings.emit_every_us) {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    folded_ = &context.counters->dropped("folded");
    progress_.open(context.key_groups);
    stores_.open(*context.memory, "window aggregate of step " + settings_.policy.step,
                 &context.counters->state_bytes());
    assigner_ = assigner_of(settings_, *context.zone);
    assign_.emplace(settings_, *assigner_, panes_);
    merger_ = make_merger_({*assigner_, layout_, panes_, settings_.late.accept_us > 0});
    return {};
  }

  Status process(size_t, const RecordBatch& batch, Collector&) override {
    rebuild();
    if (!settings_.takes_partials) {
      SLUICE_TRY(add_rows(batch));
    } else if (is_partial(batch)) {
      SLUICE_TRY(merge_partials(batch));
    } else {
      SLUICE_TRY(add_rows(carried_rows(batch, settings_.input)));
    }
    return charge();
  }

  Status on_watermark(Watermark watermark, Collector& out) override {
    rebuild();
    const int64_t until_us = earlier(watermark.time_us(), settings_.lag_us);
    if (until_us <= merger_->fired_until_us()) return {};
    SLUICE_TRY(correct(out));
    WindowOutput output({settings_, *context_, out}, *assigner_,
                        settings_.emit_every_us > 0 ? RowKind::update_after : RowKind::insert);
    for (auto end_us = merger_->next_end(); end_us && *end_us <= until_us;
         end_us = merger_->next_end()) {
      SLUICE_TRY(merger_->fire(*end_us, output));
    }
    SLUICE_TRY(output.flush());
    merger_->set_fired_until(until_us);
    progress_.raise(fired_mark, until_us);
    progress_.raise(closed_mark, closed_until_us());
    const int64_t rows = merger_->close(closed_until_us());
    context_->counters->held.add(-rows);
    folded_->add(rows);
    return charge();
  }

  Status on_barrier(const CheckpointBarrier& barrier, Collector& out) override {
    rebuild();
    SLUICE_TRY(correct(out));
    if (settings_.emit_every_us == 0 || !emission_.admits(barrier)) return {};
    WindowChanges changes(panes_, *assigner_, layout_);
    changes.add_running(*merger_);
    return send_changes(changes, out);
  }

  std::optional<int64_t> next_emission_us() const override {
    if (settings_.emit_every_us == 0 || !panes_.has_marked(AggregateTable::Mark::changed))
      return {};
    return emission_.next_us();
  }

  StateStores* stores() override { return &stores_; }

  Status snapshot(StateWriter& writer) override {
    stores_.snapshot(writer);
    return charge();
  }

  Status restore(const StateEntry& entry) override {
    is_restored_ = true;
    const int64_t rows = panes_.restored_rows();
    SLUICE_TRY(stores_.restore(entry));
    context_->counters->held.add(panes_.restored_rows() - rows);
    merger_->set_fired_until(std::max(merger_->fired_until_us(), progress_.mark_us(fired_mark)));
    return charge();
  }

 private:
  // Up to which windows have fired; INT64_MIN: none.
  int64_t watermark_us() const { return later(merger_->fired_until_us(), settings_.lag_us); }

  // Windows up to there can change no more. What a shorter `accept` has closed is gone, and does
  // not open again.
  int64_t closed_until_us() const {
    return std::max(progress_.mark_us(closed_mark),
                    earlier(merger_->fired_until_us(), settings_.late.accept_us));
  }

  // What is derived from restored panes, before anything else happens.
  void rebuild() {
    if (!is_restored_) return;
    is_restored_ = false;
    merger_->rebuild();
  }

  Status add_rows(const RecordBatch& batch) {
    assign_->assign(batch, closed_until_us());
    SLUICE_TRY(refuse_rows(batch, *assign_, watermark_us(), settings_, *context_));
    layout_.keys.encode(batch, keys_);
    for (Pane* pane : assign_->panes()) {
      pane->table.intern(batch, keys_, pane->rows, ids_);
      change(*pane, [&] { pane->table.add(batch, pane->rows, ids_); });
      context_->counters->held.add(static_cast<int64_t>(pane->rows.size()));
      pane->rows.clear();
    }
    return {};
  }

  // Lateness was judged where the rows were folded, and rows that come after their windows were
  // sent are not folded: only those that wake an idle source can still meet state that is gone.
  Status merge_partials(const RecordBatch& batch) {
    PaneStore arrived(layout_);
    const int64_t closed_us = closed_until_us();
    int64_t rows = 0;
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      const StateEntry entry = partial_entry(batch, row);
      SLUICE_ASSIGN(const int64_t entry_rows, arrived.take(entry));
      SLUICE_ASSIGN(const PaneId id, PaneStore::pane_of(entry));
      rows += entry_rows;
      if (id.last_end_us > closed_us) continue;
      const RecordBatch carried = carried_rows(batch, settings_.input);
      SLUICE_TRY(refuse_late({carried, row, entry_rows}, watermark_us(), settings_, *context_));
    }
    context_->counters->created.add(rows - static_cast<int64_t>(batch.rows()));
    for (Pane* from : arrived.all()) {
      WindowRun run;
      run.first_end_us = from->id.first_end_us;
      run.last_end_us = from->id.last_end_us;
      if (!assigner_->cut(run, closed_us)) continue;
      merge(*from, panes_.at({run.first_end_us, run.last_end_us}));
    }
    return {};
  }

  void merge(const Pane& from, Pane& pane) {
    const std::vector<uint32_t> from_ids = from.table.live_ids();
    ids_.clear();
    for (const uint32_t id : from_ids) ids_.push_back(pane.table.intern(from.table, id));
    change(pane, [&] { pane.table.merge(from.table, from_ids); });
    context_->counters->held.add(from.table.total_rows());
  }

  // Changes the keys `ids_` of a pane with `add`.
  template <class Add>
  void change(Pane& pane, Add add) {
    const bool has_fired = pane.id.first_end_us <= merger_->fired_until_us();
    if (has_fired) {
      std::vector<uint32_t> changed = ids_;
      std::sort(changed.begin(), changed.end());
      changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
      merger_->before_change(pane, changed);
      add();
      merger_->after_change(pane, changed);
      for (const uint32_t id : changed) pane.table.mark(id, AggregateTable::Mark::corrected);
    } else {
      add();
    }
    if (settings_.emit_every_us > 0 && pane.id.last_end_us > merger_->fired_until_us()) {
      for (const uint32_t id : ids_) pane.table.mark(id, AggregateTable::Mark::changed);
    }
    panes_.count_bytes(pane);
  }

  // Sends fired windows again that late rows have changed.
  Status correct(Collector& out) {
    if (settings_.late.accept_us == 0) return {};
    WindowChanges changes(panes_, *assigner_, layout_);
    changes.add_corrections(*merger_);
    return send_changes(changes, out);
  }

  Status send_changes(WindowChanges& changes, Collector& out) {
    WindowOutput output({settings_, *context_, out}, *assigner_, RowKind::update_after);
    return changes.emit(output);
  }

  Status charge() { return stores_.charge(merger_->allocated_bytes()); }

  const WindowAggregateSettings& settings_;
  const AggregateLayout& layout_;
  const MakeMerger make_merger_;
  PaneStore panes_;
  OperatorContext* context_ = nullptr;
  Counter* folded_ = nullptr;
  ProgressMarks progress_{progress_table, 2};
  StateStores stores_{&panes_, &progress_};
  std::unique_ptr<const WindowAssigner> assigner_;
  std::optional<RowAssigner> assign_;
  std::unique_ptr<WindowMerger> merger_;
  bool is_restored_ = false;
  EmissionInterval emission_;
  BatchKeys keys_;
  std::vector<uint32_t> ids_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_pane_aggregate(WindowAggregateSettings settings,
                                                               MakeMerger make_merger) {
  SchemaPtr output = settings.output;
  return describe<PaneAggregate>("window aggregate", std::move(output),
                                 Description(std::move(settings), make_merger));
}

}  // namespace sluice
