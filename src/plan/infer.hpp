// Inference: what leaves a node, from its operation and from what leaves its inputs. Pure; any
// thread.
#pragma once

#include "plan/logical_plan.hpp"

namespace sluice {

// Fills mode, keys, time columns, lateness, windows, exchanges and distribution of a node whose
// inputs are inferred, and those parts of its operation that follow from them (lags, what late rows
// are accepted). The same again when called again.
void infer_node(const LogicalPlan& plan, PlanNode& node);

// The three parts, in this order.
void infer_time(const LogicalPlan& plan, PlanNode& node);
void infer_changes(const LogicalPlan& plan, PlanNode& node);
void infer_distribution(const LogicalPlan& plan, PlanNode& node);

// Whether a projection computes something that is not the same again for the same row.
bool reads_clock(const PlanProject& project);

// The node that makes the upserts which `node` hands on: a source, a window aggregate, or a
// projection that reads the clock over retractions.
const PlanNode& maker_of_upserts(const LogicalPlan& plan, const PlanNode& node);

// Where a projection hands on these columns, all of them; none when one is missing.
std::optional<std::vector<size_t>> columns_after(const PlanProject& project,
                                                 const std::vector<size_t>& columns);

}  // namespace sluice
