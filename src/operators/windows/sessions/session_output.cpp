#include "operators/windows/sessions/session_output.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

constexpr size_t batch_rows = 8192;

using Role = WindowKeyColumn::Role;

}  // namespace

SessionOutput::SessionOutput(Target target) : target_(target), builders_(target.settings) {
  builders_.keys.emplace_back(Type{TypeKind::bigint});
}

Status SessionOutput::add(const AggregateTable& table, uint32_t id, SessionSpan span,
                          RowKind kind) {
  SLUICE_TRY(table.append_key(id, builders_.keys));
  Status computed = table.append_results(id, builders_.calls);
  if (!computed) {
    errors_.push_back({static_cast<uint32_t>(spans_.size()), std::move(computed).error(),
                       Expression::no_position});
  }
  return end_row(span, kind);
}

Status SessionOutput::take_back(const AggregateTable& table, uint32_t id, SessionSpan span) {
  SLUICE_TRY(table.append_key(id, builders_.keys));
  for (ColumnBuilder& call : builders_.calls) call.append_null();
  return end_row(span, RowKind::delete_row);
}

Status SessionOutput::end_row(SessionSpan span, RowKind kind) {
  spans_.push_back(span);
  kinds_.push_back(kind);
  return spans_.size() < batch_rows ? Status{} : flush();
}

ColumnPtr SessionOutput::window_column(size_t key) const {
  const Role role = target_.settings.keys[key].role;
  auto column = std::make_shared<Column>((*target_.settings.output)[key].type, spans_.size());
  int64_t* values = column->mutable_values<int64_t>();
  for (size_t row = 0; row < spans_.size(); ++row) {
    const SessionSpan& span = spans_[row];
    if (role == Role::window_start) values[row] = span.start_us;
    if (role == Role::window_end) values[row] = span.end_us;
    if (role == Role::window_time) values[row] = span.end_us - 1;
  }
  return column;
}

RecordBatch SessionOutput::take_batch() {
  const WindowAggregateSettings& settings = target_.settings;
  std::vector<ColumnPtr> columns;
  auto next_key = builders_.keys.begin();
  for (size_t i = 0; i < settings.keys.size(); ++i) {
    const bool is_column = settings.keys[i].role == Role::column;
    columns.push_back(is_column ? (next_key++)->finish() : window_column(i));
  }
  builders_.keys.back().finish();
  for (ColumnBuilder& call : builders_.calls) columns.push_back(call.finish());
  RowMeta meta;
  const bool only_inserts = std::all_of(kinds_.begin(), kinds_.end(),
                                        [](RowKind kind) { return kind == RowKind::insert; });
  meta.kind = std::exchange(kinds_, {});
  if (only_inserts) meta.kind.clear();
  for (const SessionSpan& span : spans_) meta.row_time.push_back(span.end_us);
  const size_t rows = spans_.size();
  spans_.clear();
  return RecordBatch(settings.output, std::move(columns), rows, std::move(meta));
}

Status SessionOutput::flush() {
  if (spans_.empty()) return {};
  const RecordBatch batch = take_batch();
  return send_results(batch, std::exchange(errors_, {}), target_.settings, target_.context,
                      target_.out);
}

}  // namespace sluice
