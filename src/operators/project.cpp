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
    const auto compute = [&](const RecordBatch& piece, const EvaluationContext& context,
                             std::vector<RowError>& errors) {
      std::vector<ColumnPtr> columns;
      columns.reserve(settings_.expressions.size());
      for (const ExpressionPtr& expression : settings_.expressions) {
        columns.push_back(evaluate(*expression, piece, context, errors));
      }
      return columns;
    };
    return in_pieces(batch, evaluation_context(*context_), compute,
                     [&](const RecordBatch& piece, std::vector<ColumnPtr> columns,
                         std::vector<RowError>& errors) {
                       return emit(piece, std::move(columns), errors, out);
                     });
  }

 private:
  Status emit(const RecordBatch& batch, std::vector<ColumnPtr> columns,
              std::vector<RowError>& errors, Collector& out) {
    RecordBatch projected = batch.with_columns(settings_.schema, std::move(columns));
    merge_row_errors(errors);
    SLUICE_TRY(handle_row_errors(batch, errors, settings_.policy, *context_));
    if (settings_.sends_upserts) delete_old_rows(projected, errors);
    if (errors.empty() || settings_.sends_upserts) return out.emit(projected);
    return out.emit(projected.gather(rows_without_errors(batch.rows(), errors)));
  }

  // The columns of the key are plain, so that they are there in a row that fails, too.
  void delete_old_rows(RecordBatch& rows, const std::vector<RowError>& errors) {
    std::vector<RowKind>& kinds = rows.meta().kind;
    for (RowKind& kind : kinds) {
      if (kind == RowKind::update_before) kind = RowKind::delete_row;
    }
    if (errors.empty()) return;
    kinds.resize(rows.rows(), RowKind::insert);
    for (const RowError& failed : errors) kinds[failed.row] = RowKind::delete_row;
    context_->counters->created.add(static_cast<int64_t>(errors.size()));
  }

  const ProjectSettings& settings_;
  OperatorContext* context_ = nullptr;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_project(ProjectSettings settings) {
  SchemaPtr output = settings.schema;
  return describe<Project>("project", std::move(output), std::move(settings));
}

}  // namespace sluice
