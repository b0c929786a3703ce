#include "operators/aggregates/row_order.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "values/ordering.hpp"

namespace sluice {

namespace {

template <class Ordering>
std::strong_ordering compare_values(const Column& column, uint32_t left, uint32_t right) {
  const auto* values = column.values<typename Ordering::Value>();
  return Ordering::compare(values[left], values[right]);
}

}  // namespace

RowOrder::RowOrder(const std::vector<Type>& types, size_t arguments,
                   const std::vector<SortBy<size_t>>& order) {
  for (size_t i = 0; i < order.size(); ++i) {
    const size_t column = arguments + i;
    order_.push_back(
        {column, compare_of(types[column].kind), order[i].descending, order[i].nulls_first});
  }
  for (size_t i = 0; i < arguments; ++i) arguments_.push_back({i, compare_of(types[i].kind)});
}

RowOrder::Compare RowOrder::compare_of(TypeKind kind) {
  Compare compare = nullptr;
  for_each_ordering([&]<class Ordering>(Ordering, Type type) {
    if (type.kind == kind) compare = compare_values<Ordering>;
  });
  SLUICE_ASSERT(compare != nullptr, "every type has an order");
  return compare;
}

std::strong_ordering RowOrder::Level::order(const Column& values, uint32_t left,
                                            uint32_t right) const {
  const bool left_is_null = values.is_null(left);
  const bool right_is_null = values.is_null(right);
  if (left_is_null || right_is_null) {
    return nulls_first ? right_is_null <=> left_is_null : left_is_null <=> right_is_null;
  }
  return descending ? compare(values, right, left) : compare(values, left, right);
}

std::strong_ordering RowOrder::compare(const std::vector<ColumnPtr>& columns, uint32_t left,
                                       uint32_t right) const {
  for (const auto* levels : {&order_, &arguments_}) {
    for (const Level& level : *levels) {
      const auto order = level.order(*columns[level.column], left, right);
      if (order != 0) return order;
    }
  }
  return std::strong_ordering::equal;
}

bool RowOrder::same_arguments(const std::vector<ColumnPtr>& columns, uint32_t left,
                              uint32_t right) const {
  return std::all_of(arguments_.begin(), arguments_.end(), [&](const Level& level) {
    return level.order(*columns[level.column], left, right) == 0;
  });
}

}  // namespace sluice
