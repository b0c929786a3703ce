// What a new run does to the counters that the runs before it left, so that they add up for every
// operator (dataflow/step_counters.hpp) although a failed run ends anywhere: what it held, or was
// about to handle, is gone with it, and what is held now comes from a checkpoint. Called by the
// run's creator, while no task runs.
#pragma once

#include "env/counters.hpp"

namespace sluice {

// Before state is restored: rows that a former run has neither handed on nor let go are dropped
// with reason "rolled_back", and none is held.
void begin_counting(Counters& counters);
// After state is restored: the rows that are held now are counted as restored.
void count_restored(Counters& counters);

}  // namespace sluice
