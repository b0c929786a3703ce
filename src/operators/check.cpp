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
    std::vector<uint32_t> kept;
    uint32_t first = 0;
    SLUICE_TRY(evaluate_in_pieces(*rule.predicate, rows, evaluation_context(*context_),
                                  [&](const RecordBatch& piece, const ColumnPtr& passes,
                                      const std::vector<RowError>& errors) -> Status {
                                    SLUICE_TRY(judge(rule, piece, *passes, errors));
                                    for (const uint32_t row : passed_) kept.push_back(first + row);
                                    first += static_cast<uint32_t>(piece.rows());
                                    return {};
                                  }));
    if (kept.size() < rows.rows()) rows = rows.gather(kept);
    return {};
  }

  // The rows that pass are in passed_ afterwards.
  Status judge(const CheckRule& rule, const RecordBatch& piece, const Column& passes,
               const std::vector<RowError>& errors) {
    passed_.clear();
    SLUICE_TRY(handle_row_errors(piece, errors, settings_.policy, *context_));
    for (const uint32_t row : rows_without_errors(piece.rows(), errors)) {
      if (passes.is_null(row) || passes.values<uint8_t>()[row] != 0) {
        passed_.push_back(row);
      } else {
        SLUICE_TRY(refuse(rule, piece, row));
      }
    }
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
  std::vector<uint32_t> passed_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_check(SchemaPtr schema,
                                                      std::vector<CheckRule> rules,
                                                      StepPolicy policy) {
  return describe<Check>("check", schema, Settings{schema, std::move(rules), std::move(policy)});
}

}  // namespace sluice
