#include "operators/windows/result_rows.hpp"

namespace sluice {

ResultBuilders::ResultBuilders(const WindowAggregateSettings& settings) {
  const Schema& schema = *settings.output;
  for (size_t i = 0; i < schema.size(); ++i) {
    if (i >= settings.keys.size()) {
      calls.emplace_back(schema[i].type);
    } else if (settings.keys[i].role == WindowKeyColumn::Role::column) {
      keys.emplace_back(schema[i].type);
    }
  }
}

Status send_results(const RecordBatch& batch, const std::vector<RowError>& errors,
                    const WindowAggregateSettings& settings, OperatorContext& context,
                    Collector& out) {
  context.counters->created.add(static_cast<int64_t>(batch.rows()));
  if (errors.empty()) return out.emit(batch);
  SLUICE_TRY(handle_row_errors(batch, errors, settings.policy, context));
  return out.emit(batch.gather(rows_without_errors(batch.rows(), errors)));
}

}  // namespace sluice
