// What min and max have in common: their overloads, one for each type that has an order they take.
#pragma once

#include "expr/aggregates/extreme_bag.hpp"
#include "expr/function_registry.hpp"

namespace sluice {

template <class Order, bool is_max>
std::unique_ptr<Accumulator> make_extreme(const AccumulatorRequest& request) {
  if (request.mode == AccumulatorMode::retractable) {
    return std::make_unique<ExtremeBag<Order, is_max>>(request.log);
  }
  return std::make_unique<FoldAccumulator<ExtremeState<Order, is_max>>>(request.mode);
}

// `function` names it and says what it is for.
template <bool is_max>
void register_extremes(AggregateRegistry& registry, const AggregateFunction& function) {
  const auto add = [&]<class Order>(Order, TypeKind kind) {
    AggregateFunction overload = function;
    overload.arguments = {Type{kind}};
    overload.result = Type{kind};
    overload.accumulate = make_extreme<Order, is_max>;
    overload.ignores_duplicates = true;
    registry.add(std::move(overload));
  };
  using enum TypeKind;
  for (const TypeKind kind : {integer, date}) add(PlainOrder<int32_t>{}, kind);
  for (const TypeKind kind : {bigint, timestamp, timestamptz}) add(PlainOrder<int64_t>{}, kind);
  add(DoubleOrder{}, double_precision);
  add(NumericOrder{}, numeric);
  add(TextOrder{}, text);
  add(IntervalOrder{}, interval);
}

}  // namespace sluice
