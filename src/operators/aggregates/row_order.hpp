// RowOrder: the order in which an aggregate function is given its rows: that of its ORDER BY, then
// that of its arguments, as SQL compares them. Immutable after construction; any thread.
#pragma once

#include <compare>
#include <vector>

#include "data/schema.hpp"
#include "expr/aggregates/aggregate_call.hpp"

namespace sluice {

class RowOrder {
 public:
  // Of rows that have the columns `types`: first `arguments` arguments, then one for each of
  // `order`.
  RowOrder(const std::vector<Type>& types, size_t arguments,
           const std::vector<SortBy<size_t>>& order);

  std::strong_ordering compare(const std::vector<ColumnPtr>& columns, uint32_t left,
                               uint32_t right) const;
  // Whether SQL takes all arguments of two rows for the same.
  bool same_arguments(const std::vector<ColumnPtr>& columns, uint32_t left, uint32_t right) const;

 private:
  using Compare = std::strong_ordering (*)(const Column&, uint32_t, uint32_t);
  struct Level {
    size_t column;
    Compare compare;
    bool descending = false;
    bool nulls_first = false;

    std::strong_ordering order(const Column& values, uint32_t left, uint32_t right) const;
  };
  static Compare compare_of(TypeKind kind);

  std::vector<Level> order_;
  std::vector<Level> arguments_;
};

}  // namespace sluice
