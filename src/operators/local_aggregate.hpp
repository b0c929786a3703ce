// Local aggregates: before the exchange of an aggregate they fold the rows of each batch, so that a
// few partial rows (partial_rows.hpp) cross it instead. Late rows of a folded batch are refused
// here, where each still has its own lateness; those that correct a window pass as they are.
// Nothing is kept from one batch to the next, so there is no state and nothing waits. Where the
// keys of a batch hardly repeat, folding costs more than it saves: then the next batches pass as
// they are.
//
// Input is append; DISTINCT and TTL are not for them. The settings are those of the aggregate
// behind the exchange, which takes partials.
#pragma once

#include "operators/group_aggregate.hpp"
#include "operators/window_aggregate.hpp"

namespace sluice {

std::shared_ptr<const OperatorDescription> make_local_aggregate(WindowAggregateSettings settings);
std::shared_ptr<const OperatorDescription> make_local_aggregate(GroupAggregateSettings settings);

}  // namespace sluice
