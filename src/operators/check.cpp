#include "operators/check.hpp"

#include "operators/described.hpp"

namespace sluice {

namespace {

struct Settings {
  SchemaPtr schema;
  std::vector<CheckRule> rules;
  StepPolicy policy;
};

class Check final : public Operator {
 public:
  explicit Check(const Settings& settings) : settings_(settings) {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    return {};
  }

  Status process(size_t, const RecordBatch& batch, Collector& out) override {
    RecordBatch rows = batch;
    for (const CheckRule& rule : settings_.rules) {
      SLUICE_TRY(apply(rule, rows));
      if (rows.empty()) return {};
    }
    return out.emit(std::move(rows));
  }

 private:
  Status apply(const CheckRule& rule, RecordBatch& rows) {
    errors_.clear();
    const ColumnPtr passes =
        evaluate(*rule.predicate, rows, evaluation_context(*context_), errors_);
    SLUICE_TRY(handle_row_errors(rows, errors_, settings_.policy, *context_));
    std::vector<uint32_t> kept;
    for (const uint32_t row : rows_without_errors(rows.rows(), errors_)) {
      if (passes->is_null(row) || passes->values<uint8_t>()[row] != 0) {
        kept.push_back(row);
      } else {
        SLUICE_TRY(refuse(rule, rows, row));
      }
    }
    if (kept.size() < rows.rows()) rows = rows.gather(kept);
    return {};
  }

  Status refuse(const CheckRule& rule, const RecordBatch& rows, uint32_t row) {
    if (!is_addition(rows.kind(row)) || rule.on_fail == RowPolicy::drop) {
      context_->counters->dropped("check_failed").add();
      return {};
    }
    Error error{ErrorCode::check_failed,
                "check \"" + rule.name + "\" of step " + settings_.policy.step + " failed",
                Retry::never,
                {}};
    DeadLetter letter = dead_letter_of_row(rows, row, settings_.policy.step, std::move(error));
    if (rule.on_fail == RowPolicy::fail) return fail(stopping_error(std::move(letter)));
    context_->counters->dead.add();
    return context_->dead_letters->add(std::move(letter));
  }

  const Settings& settings_;
  OperatorContext* context_ = nullptr;
  std::vector<RowError> errors_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_check(SchemaPtr schema,
                                                      std::vector<CheckRule> rules,
                                                      StepPolicy policy) {
  return describe<Check>("check", schema, Settings{schema, std::move(rules), std::move(policy)});
}

}  // namespace sluice
