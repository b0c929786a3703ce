// Pipelines that are to run beside each other. Two that write what only one may, such as an
// upserted table, cannot: each would overwrite what the other wrote. Pure; any thread.
#pragma once

#include "daemon/proposal.hpp"

namespace sluice {

// Errors of `version`: what it writes that `neighbour` writes too. Warnings: keys of both that may
// meet.
void judge_beside(const PipelineVersion& version, const PipelineVersion& neighbour,
                  Diagnostics& diagnostics);
// Whether there are no such errors.
bool can_run_beside(const PipelineVersion& version, const PipelineVersion& neighbour);

}  // namespace sluice
