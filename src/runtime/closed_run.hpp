// What is left to do for a pipeline that has closed and may still owe its targets something: it
// reads nothing and computes nothing any more, so that it needs neither its sources nor its state.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "dataflow/stream_graph.hpp"
#include "runtime/task_environment.hpp"

namespace sluice {

// Waits until everything decided is published, and makes dead letters of what targets refuse of it,
// which further closed checkpoints decide, until nothing is left to tell. Of the environment's
// coordinator, which has restored a closed checkpoint. Blocks the caller, the coordinating thread,
// until the deadline (Clock::monotonic_us): error publish_failed then, to be tried again. Too many
// letters are an Error as in a run.
Status finish_closed(const StreamGraph& graph, const TaskEnvironment& environment,
                     int64_t deadline_us);

}  // namespace sluice
