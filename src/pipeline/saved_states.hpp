// What a pipeline's steps tell the checkpoint about their states: under which ids they are saved,
// of which form they are, and which former names they go by. Pure.
#pragma once

#include "checkpoint/checkpoint_coordinator.hpp"
#include "pipeline/prepare.hpp"

namespace sluice {

// Fills the fields of `settings` that concern saved state.
void describe_states(const PreparedPipeline& prepared, CheckpointSettings& settings);

}  // namespace sluice
