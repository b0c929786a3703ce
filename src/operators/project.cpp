#include "operators/project.hpp"

#include "operators/described.hpp"

namespace sluice {

namespace {

class Project final : public Operator {
 public:
  explicit Project(const ProjectSettings& settings) : settings_(settings) {}

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
    RecordBatch projected = batch.with_columns(settings_.schema, std::move(columns));
    merge_row_errors(errors_);
    SLUICE_TRY(handle_row_errors(batch, errors_, settings_.policy, *context_));
    if (settings_.sends_upserts) delete_old_rows(projected);
    if (errors_.empty() || settings_.sends_upserts) return out.emit(projected);
    return out.emit(projected.gather(rows_without_errors(batch.rows(), errors_)));
  }

 private:
  // The columns of the key are plain, so that they are there in a row that fails, too.
  void delete_old_rows(RecordBatch& rows) {
    std::vector<RowKind>& kinds = rows.meta().kind;
    for (RowKind& kind : kinds) {
      if (kind == RowKind::update_before) kind = RowKind::delete_row;
    }
    if (errors_.empty()) return;
    kinds.resize(rows.rows(), RowKind::insert);
    for (const RowError& failed : errors_) kinds[failed.row] = RowKind::delete_row;
    context_->counters->created.add(static_cast<int64_t>(errors_.size()));
  }

  const ProjectSettings& settings_;
  OperatorContext* context_ = nullptr;
  std::vector<RowError> errors_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_project(ProjectSettings settings) {
  SchemaPtr output = settings.schema;
  return describe<Project>("project", std::move(output), std::move(settings));
}

}  // namespace sluice
