// What operations say of the rows that they hand on, and of those that they gather. Pure.
#pragma once

#include <optional>

#include "plan/inference/node_view.hpp"

namespace sluice {

// Of one that leaves the rows of its first input as they are: all of its properties.
TimeProperties hand_on_times(const NodeView& view);
ChangeProperties hand_on_changes(const NodeView& view);
Placement stay_in_place(const NodeView& view);

// Of one that cannot work on upserts: it gets them completed, see rewrites/complete_upserts.
void need_retractions(ChangeProperties& changes);

// How far a column is behind the watermark; none: it is no time column.
std::optional<int64_t> lag_of(const PlanNode& node, size_t column);
// Sets what late rows an operation with event-time state refuses, and says how late those are that
// leave it.
LateRows accept_late(LatePolicy& policy, const LateRows& input);

// As late as the later of the two.
LateRows later_of(const LateRows& left, const LateRows& right);

// How the rows of an input reach the tasks that own the hash of `keys`. State is found again by the
// hash of exactly these columns, in this order.
Exchange gather(const PlanNode& input, const Columns& keys);

bool contains_all(const Columns& all, const Columns& some);
Columns first_columns(size_t count);
// Where a projection to `expressions` hands on these columns, all of them; none when one is
// missing.
std::optional<Columns> columns_after(const std::vector<ExpressionPtr>& expressions,
                                     const Columns& columns);

}  // namespace sluice
