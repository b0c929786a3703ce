// Inference: what leaves a node, from its operation and from what leaves its inputs. Pure; any
// thread.
#pragma once

#include "plan/logical_plan.hpp"

namespace sluice {

// Fills the inferred fields of a node whose inputs are inferred, its exchanges, and those parts of
// its operation that follow from them (lags, what late rows are accepted). The same again when
// called again.
void infer_node(const LogicalPlan& plan, PlanNode& node);

// The node that makes the upserts which `node` hands on: a source, a window aggregate, or a
// projection that reads the clock over retractions.
const PlanNode& maker_of_upserts(const LogicalPlan& plan, const PlanNode& node);

}  // namespace sluice
