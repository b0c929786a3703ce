// What variances and standard deviations have in common: their overloads.
#pragma once

#include "expr/aggregates/double_squares.hpp"
#include "expr/aggregates/exact_squares.hpp"
#include "expr/aggregates/folding.hpp"
#include "expr/function_registry.hpp"

namespace sluice {

template <Spread spread>
struct DoubleSpread : DoubleSquares {
  Status finish(AccumulatorMode, ColumnBuilder& out) const { return append(spread, out); }
};

// `function` names it and says what it is for.
template <Spread spread>
void register_spread(FunctionRegistry& registry, const AggregateFunction& function) {
  const auto add = [&](TypeKind argument, TypeKind result, AccumulatorFactory accumulate) {
    AggregateFunction overload = function;
    overload.arguments = {Type{argument}};
    overload.result = Type{result};
    overload.accumulate = accumulate;
    registry.aggregates().add(std::move(overload));
  };
  using enum TypeKind;
  add(integer, numeric, fold<ExactSpread<int32_t, spread>>);
  add(bigint, numeric, fold<ExactSpread<int64_t, spread>>);
  add(numeric, numeric, fold<ExactSpread<Numeric, spread>>);
  add(double_precision, double_precision, fold<DoubleSpread<spread>>);
}

}  // namespace sluice
