// GROUP BY: what a query groups by, and its select list and HAVING in terms of the groups. One
// thread.
#pragma once

#include <optional>
#include <vector>

#include "sql/expression_binder.hpp"
#include "sql/select_list.hpp"

namespace sluice {

// The expressions of GROUP BY over the input: names of input columns, then of the select list;
// numbers of the select list; expressions. None after a problem has been reported.
std::optional<std::vector<ExpressionPtr>> bind_groups(BindState& state, const NameScope& scope,
                                                      const ParseNode::List& clause,
                                                      const std::vector<SelectItem>& items);

// What one query aggregates: its groups, and the aggregates called.
class Grouping {
 public:
  Grouping(RelationPtr input, std::vector<ExpressionPtr> groups, const AggregateUses& uses);

  // Project of keys and arguments, Aggregate over it.
  RelationPtr relation(uint32_t position) const;
  // An expression over the input and the aggregates, over the aggregate's output instead. Null
  // after a column that is neither grouped nor aggregated has been reported.
  ExpressionPtr over_groups(BindState& state, const ExpressionPtr& expression) const;

 private:
  ExpressionPtr rewrite(BindState& state, const ExpressionPtr& expression, bool& failed) const;
  ExpressionPtr rewrite_column(BindState& state, const ExpressionPtr& expression,
                               bool& failed) const;

  RelationPtr input_;
  std::vector<ExpressionPtr> groups_;
  const AggregateUses& uses_;
};

}  // namespace sluice
