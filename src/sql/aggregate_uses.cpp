#include "sql/aggregate_uses.hpp"

#include <algorithm>

namespace sluice {

namespace {

bool equal_or_null(const ExpressionPtr& left, const ExpressionPtr& right) {
  if (!left || !right) return !left && !right;
  return equal(*left, *right);
}

bool same_call(const AggregateUse& left, const AggregateUse& right) {
  const auto same_value = [](const ExpressionPtr& a, const ExpressionPtr& b) {
    return equal(*a, *b);
  };
  const auto same_key = [](const SortBy<ExpressionPtr>& a, const SortBy<ExpressionPtr>& b) {
    return a.is_same_way(b) && equal(*a.value, *b.value);
  };
  return left.function == right.function && left.distinct == right.distinct &&
         std::equal(left.arguments.begin(), left.arguments.end(), right.arguments.begin(),
                    right.arguments.end(), same_value) &&
         std::equal(left.order.begin(), left.order.end(), right.order.begin(), right.order.end(),
                    same_key) &&
         equal_or_null(left.filter, right.filter);
}

}  // namespace

ExpressionPtr AggregateUses::add(AggregateUse use, uint32_t position) {
  for (size_t i = 0; i < uses_.size(); ++i) {
    if (same_call(uses_[i], use)) {
      return column_reference(input_columns_ + i, uses_[i].function->result, position);
    }
  }
  const Type result = use.function->result;
  uses_.push_back(std::move(use));
  return column_reference(input_columns_ + uses_.size() - 1, result, position);
}

std::optional<size_t> AggregateUses::use_of_column(size_t column) const {
  if (column < input_columns_) return std::nullopt;
  return column - input_columns_;
}

}  // namespace sluice
