#include "operators/aggregates/make_accumulator.hpp"

#include "operators/aggregates/distinct_accumulator.hpp"
#include "operators/aggregates/row_bag.hpp"

namespace sluice {

std::unique_ptr<Accumulator> make_accumulator(const AggregateCall& call, const Schema& input,
                                              AccumulatorMode mode, ElementLog* log) {
  const AggregateFunction& function = *call.function;
  if (function.needs_order()) return std::make_unique<RowBag>(call, input, log);
  if (call.distinct) return std::make_unique<DistinctAccumulator>(call, input, mode, log);
  return function.accumulate({mode, call.filter.has_value(), log});
}

}  // namespace sluice
