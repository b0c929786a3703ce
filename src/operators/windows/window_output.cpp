#include "operators/windows/window_output.hpp"

#include <algorithm>
#include <utility>

#include "operators/windows/window_columns.hpp"

namespace sluice {

namespace {

constexpr size_t batch_rows = 8192;

using Role = WindowKeyColumn::Role;

}  // namespace

WindowOutput::WindowOutput(Target target, RowKind kind)
    : target_(target), kind_(kind), builders_(target.settings) {}

Status WindowOutput::add(const AggregateTable& table, uint32_t id, int64_t end_us) {
  SLUICE_TRY(table.append_key(id, builders_.keys));
  Status computed = table.append_results(id, builders_.calls);
  if (!computed) {
    errors_.push_back({static_cast<uint32_t>(ends_us_.size()), std::move(computed).error(),
                       Expression::no_position});
  }
  ends_us_.push_back(end_us);
  return ends_us_.size() < batch_rows ? Status{} : flush();
}

Status WindowOutput::add_all(const AggregateTable& table, int64_t end_us) {
  for (uint32_t id = 0; id < table.keys().id_bound(); ++id) {
    if (table.keys().is_live(id) && table.rows(id) > 0) SLUICE_TRY(add(table, id, end_us));
  }
  return {};
}

RecordBatch WindowOutput::take_batch() {
  const WindowAggregateSettings& settings = target_.settings;
  std::vector<ColumnPtr> columns;
  auto next_key = builders_.keys.begin();
  for (size_t i = 0; i < settings.keys.size(); ++i) {
    if (settings.keys[i].role == Role::column) {
      columns.push_back((next_key++)->finish());
    } else {
      columns.push_back(window_column(target_.assigner, (*settings.output)[i].type,
                                      settings.keys[i].role, ends_us_));
    }
  }
  for (ColumnBuilder& call : builders_.calls) columns.push_back(call.finish());
  RowMeta meta;
  if (kind_ != RowKind::insert) meta.kind.assign(ends_us_.size(), kind_);
  const size_t rows = ends_us_.size();
  meta.row_time = std::exchange(ends_us_, {});
  return RecordBatch(settings.output, std::move(columns), rows, std::move(meta));
}

Status WindowOutput::flush() {
  if (ends_us_.empty()) return {};
  const RecordBatch batch = take_batch();
  return send_results(batch, std::exchange(errors_, {}), target_.settings, target_.context,
                      target_.out);
}

}  // namespace sluice
