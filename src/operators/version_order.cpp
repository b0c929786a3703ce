#include "operators/version_order.hpp"

#include "values/ordering.hpp"

namespace sluice {

namespace {

int sign(std::strong_ordering order) { return order < 0 ? -1 : static_cast<int>(order > 0); }

template <class Ordering>
int compare_rows(const Column& column) {
  const auto* values = column.values<typename Ordering::Value>();
  return sign(Ordering::compare(values[0], values[1]));
}

int compare_values(const Column& column) {
  switch (column.type().kind) {
    case TypeKind::boolean:
      return compare_rows<PlainOrdering<uint8_t>>(column);
    case TypeKind::integer:
    case TypeKind::date:
      return compare_rows<PlainOrdering<int32_t>>(column);
    case TypeKind::bigint:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return compare_rows<PlainOrdering<int64_t>>(column);
    case TypeKind::double_precision:
      return compare_rows<DoubleOrdering>(column);
    case TypeKind::numeric:
      return compare_rows<NumericOrdering>(column);
    case TypeKind::interval:
      return compare_rows<IntervalOrdering>(column);
    case TypeKind::text:
    case TypeKind::jsonb:
      return compare_rows<TextOrdering>(column);
  }
  return 0;
}

}  // namespace

Result<int> VersionOrder::compare(std::string_view left, std::string_view right) {
  if (!column_) return 1;
  SLUICE_TRY(rows_.add(left));
  SLUICE_TRY(rows_.add(right));
  std::vector<ColumnPtr> columns;
  rows_.finish(columns);
  const Column& versions = *columns[*column_];
  const bool left_null = versions.is_null(0);
  const bool right_null = versions.is_null(1);
  if (left_null || right_null) return static_cast<int>(right_null) - static_cast<int>(left_null);
  return compare_values(versions);
}

}  // namespace sluice
