// A whole query: WITH, SELECT, UNION ALL, to a Relation. The clauses live in files of their own:
// from_binder, group_binder, select_list. One thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/bind_state.hpp"
#include "sql/parse_node.hpp"

namespace sluice {

// A query named by WITH, and those named before it or around it.
struct CteScope {
  const CteScope* outer = nullptr;
  std::string name;
  RelationPtr relation;  // null when its query has errors: its users stay silent

  static const CteScope* find(const CteScope* innermost, std::string_view name);
};

struct BoundQuery {
  RelationPtr relation;       // null when a problem was reported
  std::vector<bool> untyped;  // per column: a literal that UNION ALL may still give a type

  explicit operator bool() const { return relation != nullptr; }
};

// `node` is the body of a SELECT, also of one side of a UNION.
BoundQuery bind_query_node(BindState& state, const ParseNode& node, const CteScope* ctes);

}  // namespace sluice
