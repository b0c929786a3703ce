#include "data/value.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace sluice {

namespace {

// Calls visitor with a value of the C++ type that represents this kind; never for text and jsonb.
template <class Visitor>
auto with_representation(TypeKind kind, Visitor visitor) {
  switch (kind) {
    case TypeKind::boolean:
      return visitor(uint8_t{});
    case TypeKind::integer:
    case TypeKind::date:
      return visitor(int32_t{});
    case TypeKind::bigint:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return visitor(int64_t{});
    case TypeKind::double_precision:
      return visitor(double{});
    case TypeKind::numeric:
      return visitor(Numeric{});
    case TypeKind::interval:
      return visitor(Interval{});
    case TypeKind::text:
    case TypeKind::jsonb:
      break;
  }
  SLUICE_ASSERT(false, "a type without a fixed representation");
}

template <class T>
bool same_representation(const T& left, const T& right) {
  return left == right;
}

bool same_representation(double left, double right) {
  return left == right || (left != left && right != right);
}

bool same_representation(const Numeric& left, const Numeric& right) {
  return left.kind() == right.kind() && left.scale() == right.scale() &&
         left.coefficient() == right.coefficient();
}

}  // namespace

Value Value::from_column(const Column& column, size_t row) {
  const Type type = column.type();
  if (column.is_null(row)) return null(type);
  if (type.is_view()) return of(type, std::string(column.values<std::string_view>()[row]));
  return with_representation(type.kind,
                             [&]<class T>(T) { return of(type, column.values<T>()[row]); });
}

ColumnPtr Value::repeat(size_t rows) const {
  if (is_null()) return null_column(type_, rows);
  auto column = std::make_shared<Column>(type_, rows);
  if (type_.is_view()) {
    auto arena = std::make_shared<Arena>();
    const std::string_view text = arena->copy(get<std::string>());
    std::fill_n(column->mutable_values<std::string_view>(), rows, text);
    column->keep(std::move(arena));
    return column;
  }
  with_representation(
      type_.kind, [&]<class T>(T) { std::fill_n(column->mutable_values<T>(), rows, get<T>()); });
  return column;
}

bool Value::operator==(const Value& other) const {
  if (type_ != other.type_ || payload_.index() != other.payload_.index()) return false;
  return std::visit(
      [&]<class T>(const T& left) {
        return same_representation(left, std::get<T>(other.payload_));
      },
      payload_);
}

}  // namespace sluice
