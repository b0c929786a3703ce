// FleetHost: what a fleet asks of the world: pipelines that run, and what is saved of them. Real
// ones are made by PipelineHost; tests have their own. Owned by the service, outlives its fleet.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "daemon/proposal.hpp"
#include "env/counters.hpp"
#include "pipeline/pipeline.hpp"

namespace sluice {

// One version of a pipeline while it runs. Any thread, but start. The destructor waits for the end;
// it does not wait for a pipeline that has ended.
class FleetPipeline {
 public:
  virtual ~FleetPipeline() = default;
  virtual void start() = 0;
  // With a final checkpoint. Also before start, and again.
  virtual void request_stop() = 0;
  // Stopped, finished or failed, and nothing of it is left at work: see Pipeline::is_held.
  virtual bool has_ended() = 0;
  virtual PipelineStatus status() const = 0;
  virtual std::vector<Counters::Sample> samples() const = 0;
};

// Called by the fleet's moving thread.
class FleetHost {
 public:
  virtual ~FleetHost() = default;
  virtual std::unique_ptr<FleetPipeline> make(const PipelineVersion& version) = 0;
  // Reports errors where the version would be refused what its name has saved so far.
  virtual void judge_state(const PipelineVersion& version, Diagnostics& diagnostics) = 0;
  // The last checkpoint that was decided under its name, 0 before the first; none: not known.
  virtual std::optional<Epoch> decided(const PipelineVersion& version) = 0;
};

}  // namespace sluice
