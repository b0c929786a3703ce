// StateFacts: gathers the facts of one node's lineage (lineage.hpp). The node's operation adds
// its own, in terms of its inputs' flows; what follows from the flows is added behind them. Made
// for one node; one thread.
#pragma once

#include <string>
#include <vector>

#include "plan/inference/flow.hpp"
#include "plan/logical_plan.hpp"

namespace sluice {

class StateFacts {
 public:
  // Borrows all of it. The states that the node reads have their fingerprints.
  StateFacts(const LogicalPlan& plan, const PlanNode& node, const std::vector<Flow>& flows)
      : plan_(plan), node_(node), flows_(flows) {}

  // For operations.
  void add(std::string aspect, std::string text);
  // The text of an input's column that the node uses; how it is read becomes a fact, too.
  std::string use(size_t port, size_t column);
  void add_keys(size_t port, const Columns& keys, const std::string& side = "");
  // All columns of the input, for rows that are kept whole.
  void add_columns(size_t port, const std::string& side = "");
  // A condition over `columns`, which are in use already. The order of what AND joins means
  // nothing.
  void add_condition(const ExpressionPtr& condition, const std::vector<FlowTerm>& columns);
  const Flow& input(size_t port = 0) const { return flows_[node_.inputs[port].node.value]; }

  // All facts of a node with state. With `all_filters`, also those that only records meet.
  std::vector<LineageFact> of_state(bool all_filters, const std::string& zone_name) &&;
  // Of what reaches a sink beside its rows' plain values: what keeps rows to take them back, and
  // what decides which of them are. With their columns where those are taken back one by one.
  std::vector<LineageFact> of_sink(bool takes_back_rows) &&;

 private:
  void add_filters(const Flow& flow, bool all);
  void add_states(const Flow& flow);
  // How the sources are read that rows come from, and of their columns those in use.
  void add_sources();
  void add_source(const PlanNode& node);
  void add_scanned(const ScannedColumn& place);
  // The order of nodes follows that of the file, which means nothing.
  void sort_from(size_t first);

  const LogicalPlan& plan_;
  const PlanNode& node_;
  const std::vector<Flow>& flows_;
  std::vector<LineageFact> facts_;
  ScannedColumns reads_;
  ScannedColumns known_;
};

}  // namespace sluice
