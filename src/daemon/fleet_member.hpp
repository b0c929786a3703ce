// FleetMember: a version of a pipeline that runs, and what has been seen of it. Owned by the fleet:
// its moving thread changes it, with the fleet's lock where readers look.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/fleet_host.hpp"
#include "daemon/metrics.hpp"
#include "env/environment.hpp"

namespace sluice {

class FleetMember {
 public:
  // `number` tells the versions of one pipeline apart; `since_us` is the time of the clock.
  FleetMember(std::shared_ptr<const PipelineVersion> version,
              std::unique_ptr<FleetPipeline> pipeline, uint64_t number, int64_t since_us)
      : version_(std::move(version)),
        pipeline_(std::move(pipeline)),
        number_(number),
        since_us_(since_us) {}

  const std::shared_ptr<const PipelineVersion>& version() const { return version_; }
  uint64_t number() const { return number_; }
  int64_t since_us() const { return since_us_; }
  FleetPipeline& pipeline() const { return *pipeline_; }
  bool is_stopping() const { return is_stopping_; }
  void request_stop();

  // Logs the state when it is another one than before.
  void note(const PipelineStatus& status, Log& log);
  // The loads of its slots since the last time.
  std::vector<SlotLoad> measure(const PipelineStatus& status);

 private:
  const std::shared_ptr<const PipelineVersion> version_;
  const std::unique_ptr<FleetPipeline> pipeline_;
  const uint64_t number_;
  const int64_t since_us_;
  bool is_stopping_ = false;
  PipelineState seen_state_ = PipelineState::starting;
  std::vector<SlotTime> seen_times_;
};

}  // namespace sluice
