// Both halves of an aggregate whose rows are folded before an exchange, one after the other as one
// operator, so that whatever holds for the aggregate alone can be asked of them too. Value; one
// thread.
#pragma once

#include <memory>
#include <utility>

#include "dataflow/operator.hpp"
#include "operators/local_aggregate.hpp"

namespace sluice::test {

class FoldedFirst final : public Operator, Collector {
 public:
  // Without watermarks the local half is in the place of one whose source is idle.
  FoldedFirst(const OperatorDescription& local, const OperatorDescription& behind,
              bool forwards_watermarks)
      : local_(local.create()),
        behind_(behind.create()),
        forwards_watermarks_(forwards_watermarks) {}

  Status open(OperatorContext& context) override {
    SLUICE_TRY(local_->open(context));
    return behind_->open(context);
  }
  Status process(size_t input, const RecordBatch& batch, Collector& out) override {
    out_ = &out;
    return local_->process(input, batch, *this);
  }
  Status on_watermark(Watermark watermark, Collector& out) override {
    out_ = &out;
    if (forwards_watermarks_) SLUICE_TRY(local_->on_watermark(watermark, *this));
    return behind_->on_watermark(watermark, out);
  }
  Status on_barrier(const CheckpointBarrier& barrier, Collector& out) override {
    return behind_->on_barrier(barrier, out);
  }
  std::optional<int64_t> next_emission_us() const override { return behind_->next_emission_us(); }
  Status snapshot(StateWriter& writer) override { return behind_->snapshot(writer); }
  Status restore(const StateEntry& entry) override { return behind_->restore(entry); }

 private:
  // A row that crosses the exchange leaves the one half and enters the other.
  Status emit(RecordBatch batch) override {
    return batch.empty() ? Status{} : behind_->process(0, batch, *out_);
  }

  std::unique_ptr<Operator> local_;
  std::unique_ptr<Operator> behind_;
  const bool forwards_watermarks_;
  Collector* out_ = nullptr;
};

class FoldedFirstDescription final : public OperatorDescription {
 public:
  FoldedFirstDescription(std::shared_ptr<const OperatorDescription> local,
                         std::shared_ptr<const OperatorDescription> behind,
                         bool forwards_watermarks)
      : local_(std::move(local)),
        behind_(std::move(behind)),
        forwards_watermarks_(forwards_watermarks) {}
  std::string label() const override { return behind_->label(); }
  SchemaPtr output_schema() const override { return behind_->output_schema(); }
  std::unique_ptr<Operator> create() const override {
    return std::make_unique<FoldedFirst>(*local_, *behind_, forwards_watermarks_);
  }

 private:
  std::shared_ptr<const OperatorDescription> local_;
  std::shared_ptr<const OperatorDescription> behind_;
  bool forwards_watermarks_;
};

inline std::shared_ptr<const OperatorDescription> make_folded_first(
    WindowAggregateSettings settings, bool forwards_watermarks = true) {
  settings.takes_partials = true;
  return std::make_shared<FoldedFirstDescription>(
      make_local_aggregate(settings), make_window_aggregate(settings), forwards_watermarks);
}
inline std::shared_ptr<const OperatorDescription> make_folded_first(
    GroupAggregateSettings settings) {
  settings.takes_partials = true;
  return std::make_shared<FoldedFirstDescription>(make_local_aggregate(settings),
                                                  make_group_aggregate(settings), true);
}

}  // namespace sluice::test
