// Flow: what comes along an edge of the plan, told back to the records of the sources and to the
// nodes with state: how its columns are computed, and what its rows have passed. Pure.
#pragma once

#include <compare>
#include <set>
#include <string>
#include <vector>

#include "plan/properties.hpp"

namespace sluice {

struct LogicalPlan;
struct PlanNode;

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

// What comes along the inputs of a node, for its operation to hand on. Borrows all of it.
class FlowView {
 public:
  FlowView(const LogicalPlan& plan, const PlanNode& node, const std::vector<Flow>& flows)
      : plan_(plan), node_(node), flows_(flows) {}

  const PlanNode& node() const { return node_; }
  size_t inputs() const;
  const Flow& input(size_t port = 0) const;
  // Whether among the rows of the first input are such as take back or replace earlier ones.
  bool input_meets_changes() const;

 private:
  const LogicalPlan& plan_;
  const PlanNode& node_;
  const std::vector<Flow>& flows_;
};

// What leaves each node, by its id.
std::vector<Flow> flows_of(const LogicalPlan& plan);

// An expression over the columns of a flow.
FlowTerm term_of(const Expression& expression, const std::vector<FlowTerm>& below);
// Each conjunct of a predicate over `columns` is one more filter of `flow`.
void add_filters(const ExpressionPtr& predicate, const std::vector<FlowTerm>& columns,
                 bool meets_changes, Flow& flow);

// The texts of terms, as to_string of an expression over them takes them.
std::vector<std::string> texts_of(const std::vector<FlowTerm>& terms);

}  // namespace sluice
