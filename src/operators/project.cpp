#include "operators/project.hpp"

namespace sluice {

namespace {

struct Settings {
  SchemaPtr schema;
  std::vector<ExpressionPtr> expressions;
  StepPolicy policy;
};

class Project final : public Operator {
 public:
  explicit Project(const Settings& settings) : settings_(settings) {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    return {};
  }

  Status process(size_t, const RecordBatch& batch, Collector& out) override {
    errors_.clear();
    const EvaluationContext evaluation = evaluation_context(*context_);
    std::vector<ColumnPtr> columns;
    columns.reserve(settings_.expressions.size());
    for (const ExpressionPtr& expression : settings_.expressions) {
      columns.push_back(evaluate(*expression, batch, evaluation, errors_));
    }
    const RecordBatch projected = batch.with_columns(settings_.schema, std::move(columns));
    if (errors_.empty()) return out.emit(projected);
    merge_row_errors(errors_);
    SLUICE_TRY(handle_row_errors(batch, errors_, settings_.policy, *context_));
    return out.emit(projected.gather(rows_without_errors(batch.rows(), errors_)));
  }

 private:
  const Settings& settings_;
  OperatorContext* context_ = nullptr;
  std::vector<RowError> errors_;
};

class ProjectDescription final : public OperatorDescription {
 public:
  explicit ProjectDescription(Settings settings) : settings_(std::move(settings)) {}
  std::string label() const override { return "project"; }
  SchemaPtr output_schema() const override { return settings_.schema; }
  std::unique_ptr<Operator> create() const override { return std::make_unique<Project>(settings_); }

 private:
  Settings settings_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_project(SchemaPtr schema,
                                                        std::vector<ExpressionPtr> expressions,
                                                        StepPolicy policy) {
  return std::make_shared<ProjectDescription>(
      Settings{std::move(schema), std::move(expressions), std::move(policy)});
}

}  // namespace sluice
