#include "formats/scan_plan.hpp"

#include "base/assert.hpp"

namespace sluice {

namespace {

bool takes_type(MetaColumn meta, TypeKind kind) {
  switch (meta) {
    case MetaColumn::none:
      return true;
    case MetaColumn::topic:
      return kind == TypeKind::text;
    case MetaColumn::partition:
      return kind == TypeKind::integer || kind == TypeKind::bigint;
    case MetaColumn::offset:
      return kind == TypeKind::bigint;
    case MetaColumn::timestamp:
      return kind == TypeKind::timestamptz;
    case MetaColumn::key:
      return true;
    case MetaColumn::headers:
      return kind == TypeKind::jsonb;
  }
  return false;
}

PlannedColumn plan_column(const ScanColumn& column) {
  PlannedColumn planned;
  planned.name = column.name;
  planned.type = column.type;
  planned.unit = column.unit;
  planned.required = column.required;
  planned.meta = column.meta;
  planned.computed = column.computed;
  planned.is_carried = column.is_carried;
  return planned;
}

}  // namespace

Result<std::shared_ptr<const ScanPlan>> ScanPlan::make(const ScanSpec& scan, const TimeZone& zone) {
  std::shared_ptr<ScanPlan> plan(new ScanPlan(scan, zone));
  SLUICE_TRY(plan->check());
  std::vector<Field> fields;
  for (const ScanColumn& column : scan.columns) {
    plan->columns_.push_back(plan_column(column));
    fields.push_back({column.name, column.type});
    if (column.computed) plan->has_computed_columns_ = true;
  }
  plan->full_schema_ = std::make_shared<const Schema>(std::move(fields));
  if (scan.time_origin == TimeOrigin::event_column) {
    plan->computes_event_time_ = plan->columns_[scan.event_time_column].computed != nullptr;
    plan->reads_event_time_ = !plan->computes_event_time_;
    plan->raise_gravity(scan.event_time_column, Gravity::always);
  }
  plan->plan_filter();
  return std::shared_ptr<const ScanPlan>(std::move(plan));
}

Status ScanPlan::check() const {
  SLUICE_ASSERT(scan_.output_columns <= scan_.columns.size(), "more output than columns");
  SLUICE_ASSERT(scan_.schema && scan_.schema->size() == scan_.output_columns,
                "the schema of a scan is that of its output columns");
  for (const ScanColumn& column : scan_.columns) {
    if (!takes_type(column.meta, column.type.kind)) {
      return fail(ErrorCode::invalid_value, "column \"" + column.name + "\" cannot have type " +
                                                type_name(column.type) + " for its metadata");
    }
    if (column.computed && !is_deterministic(*column.computed)) {
      return fail(ErrorCode::invalid_value,
                  "column \"" + column.name + "\" is computed from the time of processing");
    }
    if (column.meta == MetaColumn::none && !column.computed && column.path.empty()) {
      return fail(ErrorCode::invalid_value, "column \"" + column.name + "\" has no path");
    }
  }
  if (scan_.predicate && !is_deterministic(*scan_.predicate)) {
    return fail(ErrorCode::invalid_value, "the filter of a scan depends on the time of processing");
  }
  if (scan_.time_origin == TimeOrigin::event_column) {
    SLUICE_ASSERT(scan_.event_time_column < scan_.columns.size(), "no such event time column");
    const ScanColumn& column = scan_.columns[scan_.event_time_column];
    if (!column.type.is_time()) {
      return fail(ErrorCode::invalid_value, "event time \"" + column.name +
                                                "\" must be timestamp or timestamptz, not " +
                                                type_name(column.type));
    }
  }
  return {};
}

// A computed event time is known only when the whole batch is read, and every row has to show it:
// then no row is dropped early.
void ScanPlan::plan_filter() {
  std::vector<bool> is_readable;
  for (const PlannedColumn& column : columns_) {
    is_readable.push_back(column.is_in_document() && !computes_event_time_);
  }
  filter_ = split_predicate(scan_.predicate, is_readable);
  for (const EarlyTest& test : filter_.tests) {
    columns_[test.column].early_test = &test;
    raise_gravity(test.column, Gravity::filter);
  }
  if (!filter_.rest) return;
  for (const size_t column : columns_of(*filter_.rest)) raise_gravity(column, Gravity::filter);
}

// Of a column and of those it is computed from.
void ScanPlan::raise_gravity(size_t column, Gravity gravity) {
  PlannedColumn& planned = columns_[column];
  if (planned.gravity >= gravity) return;
  planned.gravity = gravity;
  if (!planned.computed) return;
  for (const size_t input : columns_of(*planned.computed)) raise_gravity(input, gravity);
}

}  // namespace sluice
