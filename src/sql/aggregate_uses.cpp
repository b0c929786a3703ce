#include "sql/aggregate_uses.hpp"

namespace sluice {

namespace {

bool equal_or_null(const ExpressionPtr& left, const ExpressionPtr& right) {
  if (!left || !right) return !left && !right;
  return equal(*left, *right);
}

bool same_call(const AggregateUse& left, const AggregateUse& right) {
  return left.kind == right.kind && left.distinct == right.distinct &&
         equal_or_null(left.argument, right.argument) && equal_or_null(left.filter, right.filter);
}

}  // namespace

ExpressionPtr AggregateUses::add(AggregateUse use, uint32_t position) {
  for (size_t i = 0; i < uses_.size(); ++i) {
    if (same_call(uses_[i], use)) {
      return column_reference(input_columns_ + i, uses_[i].result, position);
    }
  }
  const Type result = use.result;
  uses_.push_back(std::move(use));
  return column_reference(input_columns_ + uses_.size() - 1, result, position);
}

std::optional<size_t> AggregateUses::use_of_column(size_t column) const {
  if (column < input_columns_) return std::nullopt;
  return column - input_columns_;
}

}  // namespace sluice
