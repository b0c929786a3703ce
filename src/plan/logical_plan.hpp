// LogicalPlan: what a pipeline computes, as one checked, typed and optimised graph over all its
// steps. Made by build_plan (plan/planner.hpp) and immutable afterwards; compile turns it into
// operators. It knows nothing of tasks, threads or servers. Plain values; any thread.
//
// Nodes are in topological order: a node's inputs have smaller ids. A node that several others read
// is computed once. Every node states what leaves it: schema, changelog mode, time columns with
// their lag, and how its rows are distributed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/lineage.hpp"
#include "data/row_policy.hpp"
#include "plan/operation.hpp"
#include "plan/properties.hpp"

namespace sluice {

struct PlanInput {
  PlanNodeId node;
  Exchange exchange;
};

struct PlanNode {
  PlanNodeId id;
  std::string owner;      // the source, step or sink of the file that it belongs to
  uint32_t position = 0;  // character in the owner's SQL from 0, for messages
  std::vector<PlanInput> inputs;
  Operation operation;
  RowPolicy on_error = RowPolicy::dead_letter;  // of expressions that fail on a row

  SchemaPtr schema;
  // Inferred: the fields of TimeProperties, ChangeProperties and Placement.
  LateRows late_rows;
  std::vector<TimeColumn> time_columns;
  std::optional<WindowedResult> window;
  ChangelogMode mode;
  std::optional<Columns> unique_key;
  std::optional<Columns> distributed_by;
  // Rows are worth folding before they cross the exchange to it.
  bool local_preaggregation = false;

  // Of nodes with state: its name in checkpoints ("dws_gmv_minute.window_aggregate").
  std::string state_id;
  // Of nodes with state, and of sinks. Equal fingerprints: what is saved, or sent, means the same.
  Lineage lineage;

  template <class T>
  const T* as() const {
    return operation.as<T>();
  }
};

// Sources that read the same thing by the same connector options: one reader.
struct ScanGroup {
  std::string identity;
  std::vector<PlanNodeId> sources;
};

struct LogicalPlan {
  std::vector<PlanNode> nodes;
  std::vector<ScanGroup> scan_groups;

  const PlanNode& node(PlanNodeId id) const { return nodes[id.value]; }
};

// Two lines a node, for `sluice graph` and golden tests.
std::string to_string(const LogicalPlan& plan);

}  // namespace sluice
