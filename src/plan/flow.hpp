// Flow: what comes along an edge of the plan, told back to the records of the sources and to the
// nodes with state: how its columns are computed, and what its rows have passed. Pure.
#pragma once

#include <compare>
#include <set>
#include <string>
#include <vector>

#include "plan/logical_plan.hpp"

namespace sluice {

// A column of a source: index into ScanSpec::columns.
struct ScannedColumn {
  PlanNodeId source;
  size_t column = 0;
  auto operator<=>(const ScannedColumn&) const = default;
};
using ScannedColumns = std::set<ScannedColumn>;

// Canonical text over columns of sources and of nodes with state, and those that it reads of the
// sources.
struct FlowTerm {
  std::string text;
  ScannedColumns reads;
};

struct FlowFilter {
  FlowTerm term;
  // Among the rows are such as take back or replace earlier ones: whether those had passed counts.
  bool meets_changes = false;
};

struct Flow {
  std::vector<FlowTerm> columns;
  std::vector<FlowFilter> filters;
  // Where the rows come from, without a node with state in between.
  std::set<PlanNodeId> sources;
  std::set<PlanNodeId> states;
};

// What leaves each node, by its id.
std::vector<Flow> flows_of(const LogicalPlan& plan);

// What the condition of a lookup over these rows sees: their columns, then the lookup's.
std::vector<FlowTerm> with_looked_up(std::vector<FlowTerm> columns, const PlanLookupJoin& join);

// The texts of terms, as to_string of an expression over them takes them.
std::vector<std::string> texts_of(const std::vector<FlowTerm>& terms);

std::string window_text(const PlanWindow& window, const std::string& time);

// What a node's state is called, within its owner; empty: it has none.
std::string state_kind(const PlanNode& node);

}  // namespace sluice
