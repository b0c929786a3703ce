#include "plan/operations/narrow_scan.hpp"

namespace sluice {

namespace {

// Columns that are read although no reader wants them.
ColumnSet hidden_columns(const ScanSpec& scan, const ColumnSet& wanted) {
  ColumnSet read = wanted;
  if (scan.time_origin == TimeOrigin::event_column) read.insert(scan.event_time_column);
  if (scan.predicate) {
    for (const size_t column : columns_of(*scan.predicate)) read.insert(column);
  }
  for (size_t i = 0; i < scan.columns.size(); ++i) {
    if (scan.columns[i].required) read.insert(i);
  }
  // Computed columns are computed from decoded ones only.
  for (const size_t column : ColumnSet(read)) {
    const ExpressionPtr& computed = scan.columns[column].computed;
    if (!computed) continue;
    for (const size_t argument : columns_of(*computed)) read.insert(argument);
  }
  for (const size_t column : wanted) read.erase(column);
  return read;
}

// Columns that only the whole row wants. One that reads the clock has no value as of the record.
ColumnSet carried_columns(const ScanSpec& scan, const ColumnSet& wanted, const ColumnSet& hidden) {
  ColumnSet carried;
  for (const size_t column : scan.whole_row) {
    const ExpressionPtr& computed = scan.columns[column].computed;
    const bool is_known = !computed || is_deterministic(*computed);
    if (is_known && !wanted.contains(column) && !hidden.contains(column)) carried.insert(column);
  }
  return carried;
}

// The whole row of the columns that are left.
Columns narrow_whole_row(const Columns& whole_row, const ColumnMapping& mapping) {
  Columns narrowed;
  for (const size_t column : whole_row) {
    if (mapping[column] != no_column) narrowed.push_back(mapping[column]);
  }
  return narrowed;
}

}  // namespace

ColumnMapping narrow_scan(ScanSpec& scan, const ColumnSet& wanted) {
  const ColumnSet hidden = hidden_columns(scan, wanted);
  const ColumnSet carried = carried_columns(scan, wanted, hidden);
  ColumnMapping all(scan.columns.size(), no_column);
  std::vector<ScanColumn> columns;
  std::vector<Field> fields;
  const auto take = [&](size_t column) {
    all[column] = columns.size();
    columns.push_back(scan.columns[column]);
  };
  for (const size_t column : wanted) {
    take(column);
    fields.push_back({scan.columns[column].name, scan.columns[column].type});
  }
  for (const size_t column : hidden) take(column);
  for (const size_t column : carried) {
    take(column);
    columns.back().is_carried = true;
  }
  for (ScanColumn& column : columns) {
    if (column.computed) column.computed = remap_columns(column.computed, all);
  }
  if (scan.predicate) scan.predicate = remap_columns(scan.predicate, all);
  if (scan.time_origin == TimeOrigin::event_column) {
    scan.event_time_column = all[scan.event_time_column];
  }
  scan.whole_row = narrow_whole_row(scan.whole_row, all);
  scan.columns = std::move(columns);
  scan.output_columns = wanted.size();
  scan.schema = std::make_shared<Schema>(std::move(fields));
  for (const size_t column : hidden) all[column] = no_column;
  for (const size_t column : carried) all[column] = no_column;
  return all;
}

}  // namespace sluice
