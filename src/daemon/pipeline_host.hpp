// PipelineHost: the FleetHost of `serve`: real pipelines over the service's state folder.
#pragma once

#include <memory>
#include <string>

#include "daemon/fleet_host.hpp"
#include "daemon/settings.hpp"
#include "env/environment.hpp"

namespace sluice {

class PipelineHost final : public FleetHost {
 public:
  PipelineHost(const DaemonSettings& settings, const Environment& environment)
      : settings_(settings), environment_(environment) {}

  std::unique_ptr<FleetPipeline> make(const PipelineVersion& version) override;
  void judge_state(const PipelineVersion& version, Diagnostics& diagnostics) override;
  std::optional<Epoch> decided(const PipelineVersion& version) override;

 private:
  std::string folder_of(const PipelineVersion& version) const;

  const DaemonSettings settings_;
  const Environment environment_;
};

}  // namespace sluice
