#include "unit/runtime/kept_operator.hpp"

#include "support/test_rows.hpp"

namespace sluice::test {

namespace {

class KeptOperator final : public Operator {
 public:
  explicit KeptOperator(KeptLog& log) : log_(log) {}

  Status open(OperatorContext& context) override {
    slot_ = context.key_groups.first == 0 ? 0 : 1;
    return {};
  }
  Status process(size_t, const RecordBatch& batch, Collector& out) override {
    for (const std::string& row : row_texts(batch)) SLUICE_TRY(note(row));
    return out.emit(batch);
  }
  Status on_watermark(Watermark watermark, Collector&) override {
    return note(watermark.is_final() ? "watermark end"
                                     : "watermark " + std::to_string(watermark.time_us()));
  }
  Status on_barrier(const CheckpointBarrier& barrier, Collector&) override {
    return note("barrier " + std::to_string(barrier.epoch.value) + (barrier.final ? " final" : ""));
  }
  std::optional<int64_t> next_emission_us() const override { return log_.next_emission_us; }
  Status snapshot(StateWriter&) override { return note("snapshot"); }

 private:
  Status note(const std::string& event) {
    log_.of_slot[slot_].push_back(event);
    if (log_.look) log_.look();
    const bool fails = !log_.fails_at.empty() && event.starts_with(log_.fails_at);
    return fails ? Status(fail(ErrorCode::internal, "failed at " + event)) : Status{};
  }

  KeptLog& log_;
  size_t slot_ = 0;
};

class KeptDescription final : public OperatorDescription {
 public:
  KeptDescription(KeptLog& log, SchemaPtr schema) : log_(log), schema_(std::move(schema)) {}
  std::string label() const override { return "kept"; }
  SchemaPtr output_schema() const override { return schema_; }
  std::unique_ptr<Operator> create() const override { return std::make_unique<KeptOperator>(log_); }

 private:
  KeptLog& log_;
  SchemaPtr schema_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> describe(KeptLog& log, SchemaPtr schema) {
  return std::make_shared<KeptDescription>(log, std::move(schema));
}

}  // namespace sluice::test
