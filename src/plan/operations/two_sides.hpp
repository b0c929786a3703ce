// What joins of two inputs have in common: their output is left's columns, then right's. Pure.
#pragma once

#include "plan/inference/node_view.hpp"

namespace sluice {

// The columns of each side that the wanted ones and the residual, which may be null, read.
std::vector<ColumnSet> reads_of_sides(const NodeView& view, const ColumnSet& wanted,
                                      const ExpressionPtr& residual);

// The output's unique key, of a join by these keys. None when it is not known.
std::optional<Columns> unique_key_of_sides(const NodeView& view, JoinKind kind,
                                           const Columns& left_keys, const Columns& right_keys);

// Where a conjunct over the output may run below the join.
std::vector<MovedPredicate> move_to_side(const NodeView& view, JoinKind kind,
                                         const ExpressionPtr& conjunct);

}  // namespace sluice
