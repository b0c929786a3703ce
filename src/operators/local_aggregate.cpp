#include "operators/local_aggregate.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "operators/aggregates/partial_rows.hpp"
#include "operators/described.hpp"
#include "operators/windows/event_times.hpp"
#include "operators/windows/refused_rows.hpp"
#include "operators/windows/row_assigner.hpp"

namespace sluice {

namespace {

// Whether folding is worth its cost, judged by what it did to the last batch that was folded.
class FoldingGain {
 public:
  bool is_worth_trying() {
    if (batches_to_pass_ == 0) return true;
    --batches_to_pass_;
    return false;
  }
  void note(size_t rows, size_t partials) {
    constexpr size_t least_rows_per_partial = 2;
    constexpr uint32_t batches_between_trials = 31;
    if (rows < partials * least_rows_per_partial) batches_to_pass_ = batches_between_trials;
  }

 private:
  uint32_t batches_to_pass_ = 0;
};

template <class Settings>
std::vector<size_t> keys_of(const Settings& settings) {
  if constexpr (std::is_same_v<Settings, WindowAggregateSettings>) {
    return plain_keys(settings);
  } else {
    return settings.keys;
  }
}

template <class Settings>
struct Description {
  explicit Description(Settings from)
      : settings(std::move(from)),
        layout(settings.input, keys_of(settings), settings.calls),
        output(partial_schema(*settings.input)) {}
  Settings settings;
  AggregateLayout layout;
  SchemaPtr output;
};

// What both have in common: folding one batch, or passing it.
template <class Settings>
class LocalAggregate : public Operator {
 public:
  explicit LocalAggregate(const Description<Settings>& description)
      : description_(description), partials_(description.layout, description.output) {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    folded_ = &context.counters->dropped("folded");
    return {};
  }

  Status process(size_t, const RecordBatch& batch, Collector& out) override {
    if (!gain_.is_worth_trying()) return out.emit(carry_rows(batch, description_.output));
    description_.layout.keys.encode(batch, keys_);
    SLUICE_ASSIGN(std::optional<RecordBatch> folded, fold(batch, out));
    if (!folded) return out.emit(carry_rows(batch, description_.output));
    gain_.note(batch.rows(), folded->rows());
    context_->counters->created.add(static_cast<int64_t>(folded->rows()));
    return out.emit(std::move(*folded));
  }

 protected:
  // Of a batch whose keys are in keys_; none: the rows have to pass as they are. Sends those of
  // them that must not be folded.
  virtual Result<std::optional<RecordBatch>> fold(const RecordBatch& batch, Collector& out) = 0;

  const Description<Settings>& description_;
  PartialRows partials_;
  OperatorContext* context_ = nullptr;
  Counter* folded_ = nullptr;
  BatchKeys keys_;
  std::vector<uint32_t> ids_;

 private:
  FoldingGain gain_;
};

class LocalWindowAggregate final : public LocalAggregate<WindowAggregateSettings> {
 public:
  explicit LocalWindowAggregate(const Description<WindowAggregateSettings>& description)
      : LocalAggregate(description), panes_(description.layout) {}

  Status open(OperatorContext& context) override {
    assigner_ = assigner_of(description_.settings, *context.zone);
    assign_.emplace(description_.settings, *assigner_, panes_);
    return LocalAggregate::open(context);
  }

  Status on_watermark(Watermark watermark, Collector&) override {
    sent_until_us_ = earlier(watermark.time_us(), description_.settings.lag_us);
    return {};
  }

 private:
  Result<std::optional<RecordBatch>> fold(const RecordBatch& batch, Collector& out) override {
    constexpr int64_t none = INT64_MIN;  // closes windows here
    assign_->assign(batch, none);
    take_corrections(batch);
    if (meets_sent_windows()) {
      for (Pane* pane : assign_->panes()) panes_.erase(*pane);
      return std::nullopt;
    }
    SLUICE_TRY(refuse_rows(batch, *assign_, none, description_.settings, *context_));
    if (!corrections_.empty())
      SLUICE_TRY(out.emit(carry_rows(batch.gather(corrections_), description_.output)));
    for (Pane* pane : assign_->panes()) {
      pane->table.intern(batch, keys_, pane->rows, ids_);
      pane->table.add(batch, pane->rows, ids_);
      folded_->add(static_cast<int64_t>(pane->rows.size()));
      SLUICE_TRY(partials_.add(pane->table));
      panes_.erase(*pane);
    }
    return partials_.take({});
  }

  // Rows that are accepted late may still be refused behind the exchange, where a shorter `accept`
  // had freed what they change: each as the row it is.
  void take_corrections(const RecordBatch& batch) {
    corrections_.clear();
    if (batch.meta().seen.empty()) return;
    for (Pane* pane : assign_->panes()) {
      std::erase_if(pane->rows, [&](uint32_t row) {
        const int64_t seen_us = batch.seen(row);
        const bool corrects =
            seen_us != not_behind &&
            pane->id.first_end_us <= earlier(seen_us, description_.settings.lag_us);
        if (corrects) corrections_.push_back(row);
        return corrects;
      });
    }
    std::sort(corrections_.begin(), corrections_.end());
  }

  // A row may be in time for its own partition and still come too late for windows that others have
  // closed. Then the window behind the exchange refuses it, as the row it is.
  bool meets_sent_windows() const {
    return std::any_of(assign_->panes().begin(), assign_->panes().end(), [this](const Pane* pane) {
      return !pane->rows.empty() && pane->id.first_end_us <= sent_until_us_;
    });
  }

  int64_t sent_until_us_ = INT64_MIN;  // at least as late as behind the exchange
  std::vector<uint32_t> corrections_;  // rows of the batch at hand
  PaneStore panes_;                    // of the batch at hand
  std::unique_ptr<const WindowAssigner> assigner_;
  std::optional<RowAssigner> assign_;
};

class LocalGroupAggregate final : public LocalAggregate<GroupAggregateSettings> {
 public:
  using LocalAggregate::LocalAggregate;

 private:
  Result<std::optional<RecordBatch>> fold(const RecordBatch& batch, Collector&) override {
    const size_t first = rows_.size();
    rows_.resize(std::max(first, batch.rows()));
    std::iota(rows_.begin() + static_cast<ptrdiff_t>(first), rows_.end(),
              static_cast<uint32_t>(first));
    const std::span<const uint32_t> rows(rows_.data(), batch.rows());
    AggregateTable table(description_.layout,
                         {AccumulatorMode::insert_only, std::string(), nullptr});
    table.intern(batch, keys_, rows, ids_);
    table.add(batch, rows, ids_);
    folded_->add(static_cast<int64_t>(batch.rows()));
    SLUICE_TRY(partials_.add(table));
    return partials_.take(latest_times(batch, table.keys().id_bound()));
  }

  // By key: the largest row time.
  std::vector<int64_t> latest_times(const RecordBatch& batch, size_t keys) const {
    const std::vector<int64_t>& times_us = batch.meta().row_time;
    if (times_us.empty()) return {};
    std::vector<int64_t> latest_us(keys, INT64_MIN);
    for (size_t row = 0; row < batch.rows(); ++row) {
      latest_us[ids_[row]] = std::max(latest_us[ids_[row]], times_us[row]);
    }
    return latest_us;
  }

  std::vector<uint32_t> rows_;  // 0, 1, 2, …
};

template <class Instance, class Settings>
std::shared_ptr<const OperatorDescription> describe_local(Settings settings) {
  Description<Settings> description(std::move(settings));
  SchemaPtr output = description.output;
  return describe<Instance>("local aggregate", std::move(output), std::move(description));
}

}  // namespace

std::shared_ptr<const OperatorDescription> make_local_aggregate(WindowAggregateSettings settings) {
  return describe_local<LocalWindowAggregate>(std::move(settings));
}

std::shared_ptr<const OperatorDescription> make_local_aggregate(GroupAggregateSettings settings) {
  return describe_local<LocalGroupAggregate>(std::move(settings));
}

}  // namespace sluice
