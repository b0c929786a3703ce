// What becomes of a pipeline's saved state under its file, without starting it: reads the newest
// manifest of its state folder and nothing else, locks nothing and touches no server.
#pragma once

#include <string>
#include <vector>

#include "checkpoint/plan_effects.hpp"
#include "config/diagnostic.hpp"
#include "pipeline/prepare.hpp"

namespace sluice {

struct StateComparison {
  std::string folder;
  Epoch checkpoint;  // 0: nothing is saved
  std::vector<PlanEffect> effects;
};

// Effects that a start would refuse or warn of are also reported, at their places in the file; so
// is a folder that cannot be read.
StateComparison compare_with_state(const PreparedPipeline& prepared, const std::string& folder,
                                   Filesystem& filesystem, Diagnostics& diagnostics);

}  // namespace sluice
