#include "data/canonical_column.hpp"

#include <string>

#include "values/canonical_value.hpp"

namespace sluice {

namespace {

template <class T>
ColumnPtr canonical_numbers(const Column& column) {
  auto result = std::make_shared<Column>(column.type(), column.size());
  T* const values = result->mutable_values<T>();
  for (size_t row = 0; row < column.size(); ++row) values[row] = canonical(column.values<T>()[row]);
  result->set_validity(column.validity());
  return result;
}

ColumnPtr canonical_documents(const Column& column) {
  ColumnBuilder builder(column.type(), column.size());
  std::string text;
  for (size_t row = 0; row < column.size(); ++row) {
    if (column.is_null(row)) {
      builder.append_null();
      continue;
    }
    text.clear();
    append_canonical_jsonb(column.values<std::string_view>()[row], text);
    builder.append_copy(text);
  }
  return builder.finish();
}

}  // namespace

ColumnPtr canonical(const ColumnPtr& column) {
  switch (column->type().kind) {
    case TypeKind::double_precision:
      return canonical_numbers<double>(*column);
    case TypeKind::numeric:
      return canonical_numbers<Numeric>(*column);
    case TypeKind::interval:
      return canonical_numbers<Interval>(*column);
    case TypeKind::jsonb:
      return canonical_documents(*column);
    default:
      return column;
  }
}

}  // namespace sluice
