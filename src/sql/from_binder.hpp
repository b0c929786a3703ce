// The FROM clause to a Relation and the NameScope of its columns. One thread.
#pragma once

#include "sql/query_binder.hpp"
#include "sql/scope.hpp"

namespace sluice {

struct BoundTable {
  RelationPtr relation;  // null when a problem was reported
  NameScope scope;

  explicit operator bool() const { return relation != nullptr; }
};

// Items of FROM, separated by commas: each a table, a subquery, a join or a table function.
BoundTable bind_from(BindState& state, const ParseNode::List& items, const CteScope* ctes);
// One item that stands on its own.
BoundTable bind_table(BindState& state, const ParseNode& node, const CteScope* ctes);
// A source, step or CTE by its name.
BoundTable bind_named_table(BindState& state, const std::string& name, const CteScope* ctes,
                            uint32_t position);
// Gives a table its alias, and its columns the names of `AS t(a, b)`.
void apply_alias(BindState& state, const ParseNode& alias, const std::string& otherwise,
                 BoundTable& table);

}  // namespace sluice
