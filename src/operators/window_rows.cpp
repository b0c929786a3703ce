#include "operators/window_rows.hpp"

#include <optional>

#include "operators/described.hpp"
#include "operators/windows/refused_rows.hpp"
#include "windows/window_assigner.hpp"
#include "windows/window_columns.hpp"

namespace sluice {

namespace {

// A row may be in many windows: what leaves is cut into batches.
constexpr size_t batch_rows = 8192;

class WindowRows final : public Operator {
 public:
  explicit WindowRows(const WindowRowsSettings& settings) : settings_(settings) {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    const Type& time = settings_.output->fields()[settings_.time_column].type;
    assigner_ = settings_.window->assigner(time.kind, *context.zone);
    return {};
  }

  Status process(size_t, const RecordBatch& batch, Collector& out) override {
    const Column& column = batch.column(settings_.time_column);
    std::vector<RowError> errors;
    int64_t rows_outside = 0;
    std::optional<WindowRun> run;
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      const int64_t time_us = column.values<int64_t>()[row];
      if (column.is_null(row) || !WindowAssigner::is_in_range(time_us)) {
        errors.push_back(unusable_time(column.is_null(row), row));
        continue;
      }
      if (!run || !run->holds(time_us)) run = assigner_->run_of(time_us);
      if (run->is_empty()) {
        ++rows_outside;
      } else {
        SLUICE_TRY(add(batch, row, *run, out));
      }
    }
    context_->counters->dropped("filtered").add(rows_outside);
    SLUICE_TRY(handle_row_errors(batch, errors, settings_.policy, *context_));
    return flush(batch, out);
  }

 private:
  // The row in each of its windows.
  Status add(const RecordBatch& batch, uint32_t row, const WindowRun& run, Collector& out) {
    for (int64_t end_us = run.first_end_us;; end_us = assigner_->next_end(end_us)) {
      rows_.push_back(row);
      spans_.push_back({assigner_->start_of(end_us), end_us});
      if (end_us != run.first_end_us) context_->counters->created.add();
      if (rows_.size() >= batch_rows) SLUICE_TRY(flush(batch, out));
      if (end_us >= run.last_end_us) return {};
    }
  }

  Status flush(const RecordBatch& batch, Collector& out) {
    if (rows_.empty()) return {};
    const RecordBatch rows = batch.gather(rows_);
    std::vector<ColumnPtr> columns = rows.columns();
    const Type& type = batch.column(settings_.time_column).type();
    for (const WindowKey::Role role : window_roles)
      columns.push_back(window_column(type, role, spans_));
    rows_.clear();
    spans_.clear();
    return out.emit(rows.with_columns(settings_.output, std::move(columns)));
  }

  const WindowRowsSettings& settings_;
  OperatorContext* context_ = nullptr;
  std::unique_ptr<const WindowAssigner> assigner_;
  // Of the batch at hand: which row goes into which window.
  std::vector<uint32_t> rows_;
  std::vector<WindowSpan> spans_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_window_rows(WindowRowsSettings settings) {
  SchemaPtr output = settings.output;
  return describe<WindowRows>("window rows", std::move(output), std::move(settings));
}

}  // namespace sluice
