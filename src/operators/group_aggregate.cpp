#include "operators/group_aggregate.hpp"

#include <numeric>
#include <optional>

#include "base/assert.hpp"
#include "base/checksum.hpp"
#include "operators/aggregates/group_changes.hpp"
#include "operators/aggregates/partial_rows.hpp"
#include "operators/described.hpp"
#include "operators/emission_interval.hpp"
#include "state/time_to_live.hpp"

namespace sluice {

namespace {

struct Description {
  explicit Description(GroupAggregateSettings from)
      : settings(std::move(from)), layout(settings.input, settings.keys, settings.calls) {}
  GroupAggregateSettings settings;
  AggregateLayout layout;
};

class GroupAggregate final : public Operator {
 public:
  explicit GroupAggregate(const Description& description)
      : settings_(description.settings),
        layout_(description.layout),
        groups_(layout_, settings_.input_retracts),
        ttl_(settings_.ttl_us),
        emission_(settings_.emit_every_us) {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    folded_ = &context.counters->dropped("folded");
    stores_.open(*context.memory, "group aggregate of step " + settings_.policy.step,
                 &context.counters->state_bytes());
    return {};
  }

  Status process(size_t, const RecordBatch& batch, Collector&) override {
    if (!settings_.takes_partials) return add_rows(batch);
    if (is_partial(batch)) return merge_partials(batch);
    return add_rows(carried_rows(batch, settings_.input));
  }

  // Frees groups that are dead for every row that is not late. Those that changed wait until their
  // result has been sent.
  Status on_watermark(Watermark watermark, Collector&) override {
    if (settings_.keys.empty() || watermark.is_final()) return {};
    const int64_t now_us = watermark.time_us();
    if (!ttl_.is_sweep_due(now_us)) return {};
    for (const uint32_t id : groups_.table().live_ids()) {
      if (!is_dead(id, now_us) || groups_.is_changed(id)) continue;
      fold_away(groups_.table().rows(id));
      groups_.erase(id);
    }
    return stores_.charge();
  }

  Status on_barrier(const CheckpointBarrier& barrier, Collector& out) override {
    if (!emission_.admits(barrier)) return {};
    if (lacks_only_group()) add_only_group();
    GroupChanges changes(groups_, settings_, *context_);
    SLUICE_TRY(changes.emit(out));
    return stores_.charge();
  }

  std::optional<int64_t> next_emission_us() const override {
    const bool is_held_back =
        groups_.table().has_marked(AggregateTable::Mark::changed) || lacks_only_group();
    return is_held_back ? std::optional(emission_.next_us()) : std::nullopt;
  }

  StateStores* stores() override { return &stores_; }

  Status restore(const StateEntry& entry) override {
    const int64_t before = groups_.table().total_rows();
    SLUICE_TRY(Operator::restore(entry));
    context_->counters->held.add(groups_.table().total_rows() - before);
    return {};
  }

 private:
  // The group of an aggregate without keys is there before its first row. One task has it.
  bool lacks_only_group() const {
    return settings_.keys.empty() && groups_.table().keys().id_bound() == 0 &&
           context_->key_groups.contains(key_group_of(std::string_view()));
  }
  void add_only_group() {
    const RecordBatch row(std::make_shared<Schema>(), {}, 1);
    constexpr uint32_t first = 0;
    layout_.keys.encode(row, keys_);
    groups_.intern(row, keys_, {&first, 1}, ids_);
    groups_.table().mark(ids_.front(), AggregateTable::Mark::changed);
  }

  Status add_rows(const RecordBatch& batch) {
    while (rows_.size() < batch.rows()) rows_.push_back(static_cast<uint32_t>(rows_.size()));
    layout_.keys.encode(batch, keys_);
    groups_.intern(batch, keys_, {rows_.data(), batch.rows()}, ids_);
    if (settings_.input_retracts || settings_.ttl_us > 0) {
      for (uint32_t row = 0; row < batch.rows(); ++row) take(batch, row);
      flush(batch);
    } else {
      add_all(batch);
    }
    return stores_.charge();
  }

  Status merge_partials(const RecordBatch& batch) {
    AggregateTable arrived(layout_, {AccumulatorMode::insert_only, std::string(), nullptr});
    for (size_t row = 0; row < batch.rows(); ++row) {
      const StateEntry entry = partial_entry(batch, row);
      SLUICE_TRY(arrived.restore(entry.table, entry.key, entry.value));
    }
    // Each row has a key of its own, so that the keys are in the order of the rows.
    groups_.merge(arrived, arrived.live_ids(), ids_);
    for (size_t row = 0; row < batch.rows(); ++row) {
      groups_.note_change(ids_[row], batch.row_time(row));
    }
    context_->counters->held.add(arrived.total_rows());
    context_->counters->created.add(arrived.total_rows() - static_cast<int64_t>(batch.rows()));
    return stores_.charge();
  }

  void add_all(const RecordBatch& batch) {
    groups_.table().add(batch, {rows_.data(), batch.rows()}, ids_);
    context_->counters->held.add(static_cast<int64_t>(batch.rows()));
    for (size_t row = 0; row < batch.rows(); ++row) {
      SLUICE_ASSERT(is_addition(batch.kind(row)), "a row is taken back from an append stream");
      groups_.note_change(ids_[row], batch.row_time(row));
    }
  }

  void take(const RecordBatch& batch, uint32_t row) {
    const uint32_t id = ids_[row];
    const int64_t time_us = batch.row_time(row);
    const bool adds = is_addition(batch.kind(row));
    AggregateTable& table = groups_.table();
    const bool dead = is_dead(id, time_us);
    if (!adds && (dead || table.rows(id) == 0)) {
      context_->counters->dropped("unmatched").add();
      // A group that was made for this row goes at the barrier.
      if (!settings_.keys.empty()) table.mark(id, AggregateTable::Mark::changed);
      return;
    }
    if (dead) {
      flush(batch);
      fold_away(table.rows(id));
      table.clear(id);
    }
    table.change_rows(id, adds ? 1 : -1);
    (adds ? added_rows_ : taken_rows_).push_back(row);
    (adds ? added_ids_ : taken_ids_).push_back(id);
    context_->counters->held.add(adds ? 1 : -1);
    if (!adds) folded_->add(2);  // itself, and the row that it takes back
    groups_.note_change(id, time_us);
  }

  // Hands the rows that were counted to the accumulators.
  void flush(const RecordBatch& batch) {
    groups_.table().accumulate(batch, added_rows_, added_ids_, 1);
    groups_.table().accumulate(batch, taken_rows_, taken_ids_, -1);
    for (auto* list : {&added_rows_, &added_ids_, &taken_rows_, &taken_ids_}) list->clear();
  }

  bool is_dead(uint32_t id, int64_t time_us) const {
    return ttl_.is_expired(groups_.time_us(id), time_us);
  }

  void fold_away(int64_t rows) {
    context_->counters->held.add(-rows);
    folded_->add(rows);
  }

  const GroupAggregateSettings& settings_;
  const AggregateLayout& layout_;
  OperatorContext* context_ = nullptr;
  Counter* folded_ = nullptr;
  Groups groups_;
  StateStores stores_{&groups_};
  TimeToLive ttl_;
  EmissionInterval emission_;
  BatchKeys keys_;
  std::vector<uint32_t> rows_;  // 0, 1, 2, …
  std::vector<uint32_t> ids_;
  std::vector<uint32_t> added_rows_;
  std::vector<uint32_t> added_ids_;
  std::vector<uint32_t> taken_rows_;
  std::vector<uint32_t> taken_ids_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_group_aggregate(GroupAggregateSettings settings) {
  SchemaPtr output = settings.output;
  return describe<GroupAggregate>("group aggregate", std::move(output),
                                  Description(std::move(settings)));
}

}  // namespace sluice
