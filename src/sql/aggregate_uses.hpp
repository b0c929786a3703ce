// AggregateUses: the aggregates that one query's select list and HAVING call, each once. While the
// query's expressions are bound, a call stands as a column behind the input's columns; grouping
// (group_binder) then replaces it. Owned by the query's binding; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expr/aggregates/aggregate_call.hpp"
#include "expr/expression.hpp"

namespace sluice {

struct AggregateUse {
  const AggregateFunction* function = nullptr;
  std::vector<ExpressionPtr> arguments;
  std::vector<SortBy<ExpressionPtr>> order;
  ExpressionPtr filter;  // null without FILTER
  bool distinct = false;
};

class AggregateUses {
 public:
  // `input_columns`: how many columns the query's input has.
  explicit AggregateUses(size_t input_columns) : input_columns_(input_columns) {}

  // The column that stands for the call.
  ExpressionPtr add(AggregateUse use, uint32_t position);
  const std::vector<AggregateUse>& uses() const { return uses_; }
  bool empty() const { return uses_.empty(); }
  // Which use a column stands for; none for a column of the input.
  std::optional<size_t> use_of_column(size_t column) const;

 private:
  size_t input_columns_;
  std::vector<AggregateUse> uses_;
};

}  // namespace sluice
