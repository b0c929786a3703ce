// What a pipeline is, as its checkpoints record it: the meaning of its states, under which ids they
// are saved and which former names they go by, its sinks, and where its sources start. Pure.
#pragma once

#include "checkpoint/checkpoint_coordinator.hpp"
#include "pipeline/prepare.hpp"

namespace sluice {

// Fills the fields of `settings` that a later file is compared by.
void describe_plan(const PreparedPipeline& prepared, CheckpointSettings& settings);

}  // namespace sluice
