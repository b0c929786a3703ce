#include "operators/filter.hpp"

#include "operators/described.hpp"

namespace sluice {

namespace {

struct Settings {
  SchemaPtr schema;
  ExpressionPtr predicate;
  StepPolicy policy;
};

class Filter final : public Operator {
 public:
  explicit Filter(const Settings& settings) : settings_(settings) {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    dropped_ = &context.counters->dropped("filtered");
    return {};
  }

  Status process(size_t, const RecordBatch& batch, Collector& out) override {
    errors_.clear();
    SLUICE_ASSIGN(const std::vector<uint32_t> kept,
                  select_rows(*settings_.predicate, batch, evaluation_context(*context_), errors_));
    dropped_->add(static_cast<int64_t>(batch.rows() - kept.size() - errors_.size()));
    SLUICE_TRY(handle_row_errors(batch, errors_, settings_.policy, *context_));
    return out.emit(kept.size() == batch.rows() ? batch : batch.gather(kept));
  }

 private:
  const Settings& settings_;
  OperatorContext* context_ = nullptr;
  Counter* dropped_ = nullptr;
  std::vector<RowError> errors_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_filter(SchemaPtr schema, ExpressionPtr predicate,
                                                       StepPolicy policy) {
  return describe<Filter>("filter", schema,
                          Settings{schema, std::move(predicate), std::move(policy)});
}

}  // namespace sluice
