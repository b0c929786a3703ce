// What accumulates a call: its function's own accumulator, or what keeps the values of DISTINCT or
// the rows of functions that need them. Pure.
#pragma once

#include "expr/aggregates/accumulator.hpp"
#include "expr/aggregates/aggregate_call.hpp"

namespace sluice {

// `input`: what the call's columns are of. `log` may be null: nothing is saved.
std::unique_ptr<Accumulator> make_accumulator(const AggregateCall& call, const Schema& input,
                                              AccumulatorMode mode, ElementLog* log);

}  // namespace sluice
