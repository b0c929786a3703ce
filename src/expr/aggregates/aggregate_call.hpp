// AggregateCall: one call of an aggregate function over columns of its input. Plain value.
#pragma once

#include <optional>
#include <vector>

#include "expr/aggregates/aggregate_function.hpp"

namespace sluice {

// One expression of ORDER BY.
template <class Of>
struct SortBy {
  Of value;
  bool descending = false;
  bool nulls_first = false;

  bool is_same_way(const SortBy& other) const {
    return descending == other.descending && nulls_first == other.nulls_first;
  }
};

struct AggregateCall {
  const AggregateFunction* function;
  std::vector<size_t> arguments;
  std::vector<SortBy<size_t>> order;  // of functions that need it
  std::optional<size_t> filter;       // a boolean
  bool distinct = false;

  // Calls visitor(column) for each column it reads: arguments, order, filter.
  template <class Visitor>
  void for_each_column(Visitor visitor) {
    for (size_t& column : arguments) visitor(column);
    for (SortBy<size_t>& key : order) visitor(key.value);
    if (filter) visitor(*filter);
  }
  template <class Visitor>
  void for_each_column(Visitor visitor) const {
    for (const size_t column : arguments) visitor(column);
    for (const SortBy<size_t>& key : order) visitor(key.value);
    if (filter) visitor(*filter);
  }

  // Whether partial results of it merge without the values themselves.
  bool merges() const { return function->merges() && !distinct; }
};

}  // namespace sluice
