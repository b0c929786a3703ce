// GroupAggregate: unwindowed GROUP BY. Changes are folded per key and epoch: at a barrier each
// changed key emits -U/+U, +I when it is new, or -D when its last row was taken back;
// `emit_every_us` thins that. Without keys there is one group, also before any row has come: its
// task sends the result over no rows at the first barrier.
//
// With input_retracts rows may be taken back: what cannot undo them then keeps their values as
// multisets (expr/aggregates). TTL: a group is dead for a row iff row time > entry time + ttl: it
// starts afresh (the old result is replaced). Output: the keys, then the calls; retract. Input is
// hashed by the keys. With takes_partials, for append input without TTL, it comes from a local
// aggregate (local_aggregate.hpp).
#pragma once

#include <memory>
#include <vector>

#include "expr/aggregates/aggregate_call.hpp"
#include "operators/row_errors.hpp"

namespace sluice {

struct GroupAggregateSettings {
  StepPolicy policy;
  SchemaPtr input;
  SchemaPtr output;
  std::vector<size_t> keys;
  std::vector<AggregateCall> calls;
  bool input_retracts = false;
  int64_t emit_every_us = 0;
  int64_t ttl_us = 0;
  bool takes_partials = false;
};

std::shared_ptr<const OperatorDescription> make_group_aggregate(GroupAggregateSettings settings);

}  // namespace sluice
