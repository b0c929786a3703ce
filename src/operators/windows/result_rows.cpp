#include "operators/windows/result_rows.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

constexpr size_t batch_rows = 8192;

using Role = WindowKey::Role;

bool is_insert(RowKind kind) { return kind == RowKind::insert; }

}  // namespace

ResultRows::ResultRows(Target target, const std::vector<Type>& unsent_keys) : target_(target) {
  const WindowAggregateSettings& settings = target_.settings;
  const Schema& schema = *settings.output;
  for (size_t i = 0; i < schema.size(); ++i) {
    if (i >= settings.keys.size()) {
      calls_.emplace_back(schema[i].type);
    } else if (settings.keys[i].role == Role::column) {
      keys_.emplace_back(schema[i].type);
    }
  }
  for (const Type& type : unsent_keys) keys_.emplace_back(type);
}

Status ResultRows::add(const AggregateTable& table, uint32_t id, const WindowSpan& span,
                       RowKind kind) {
  SLUICE_TRY(table.append_key(id, keys_));
  Status computed = table.append_results(id, calls_);
  if (!computed) {
    errors_.push_back({static_cast<uint32_t>(spans_.size()), std::move(computed).error(),
                       Expression::no_position});
  }
  return end_row(span, kind);
}

Status ResultRows::take_back(const AggregateTable& table, uint32_t id, const WindowSpan& span) {
  SLUICE_TRY(table.append_key(id, keys_));
  for (ColumnBuilder& call : calls_) call.append_null();
  return end_row(span, RowKind::delete_row);
}

Status ResultRows::end_row(const WindowSpan& span, RowKind kind) {
  spans_.push_back(span);
  kinds_.push_back(kind);
  return spans_.size() < batch_rows ? Status{} : flush();
}

RecordBatch ResultRows::take_batch() {
  const WindowAggregateSettings& settings = target_.settings;
  std::vector<ColumnPtr> columns;
  auto next_key = keys_.begin();
  for (size_t i = 0; i < settings.keys.size(); ++i) {
    const Role role = settings.keys[i].role;
    columns.push_back(role == Role::column
                          ? (next_key++)->finish()
                          : window_column((*settings.output)[i].type, role, spans_));
  }
  for (; next_key != keys_.end(); ++next_key) next_key->finish();
  for (ColumnBuilder& call : calls_) columns.push_back(call.finish());
  RowMeta meta;
  meta.kind = std::exchange(kinds_, {});
  if (std::all_of(meta.kind.begin(), meta.kind.end(), is_insert)) meta.kind.clear();
  meta.row_time.reserve(spans_.size());
  for (const WindowSpan& span : spans_) meta.row_time.push_back(span.end_us);
  const size_t rows = spans_.size();
  spans_.clear();
  return RecordBatch(settings.output, std::move(columns), rows, std::move(meta));
}

// Counts the rows and sends them; those with errors go where the step's policy says.
Status ResultRows::flush() {
  if (spans_.empty()) return {};
  const RecordBatch batch = take_batch();
  const std::vector<RowError> errors = std::exchange(errors_, {});
  target_.context.counters->created.add(static_cast<int64_t>(batch.rows()));
  if (errors.empty()) return target_.out.emit(batch);
  SLUICE_TRY(handle_row_errors(batch, errors, target_.settings.policy, target_.context));
  return target_.out.emit(batch.gather(rows_without_errors(batch.rows(), errors)));
}

}  // namespace sluice
