#include "daemon/pipeline_host.hpp"

#include <utility>

#include "pipeline/state_comparison.hpp"
#include "storage/newest_manifest.hpp"

namespace sluice {

namespace {

class HostedPipeline final : public FleetPipeline {
 public:
  HostedPipeline(std::shared_ptr<const PreparedPipeline> prepared, PipelineSettings settings,
                 const Environment& environment)
      : pipeline_(std::move(prepared), std::move(settings), environment) {}

  void start() override { pipeline_.start(); }
  void request_stop() override { pipeline_.request_stop(); }
  bool has_ended() override { return pipeline_.wait_for(0) && !pipeline_.is_held(); }
  PipelineStatus status() const override { return pipeline_.status(); }
  std::vector<Counters::Sample> samples() const override { return pipeline_.counters().samples(); }

 private:
  Pipeline pipeline_;
};

}  // namespace

std::string PipelineHost::folder_of(const PipelineVersion& version) const {
  return settings_.state_dir + "/" + settings_.name_space + "." + version.name;
}

std::unique_ptr<FleetPipeline> PipelineHost::make(const PipelineVersion& version) {
  PipelineSettings settings;
  settings.state_dir = settings_.state_dir;
  settings.name_space = settings_.name_space;
  settings.run.stop_timeout_us = settings_.stop_timeout_us;
  return std::make_unique<HostedPipeline>(version.prepared, std::move(settings), environment_);
}

void PipelineHost::judge_state(const PipelineVersion& version, Diagnostics& diagnostics) {
  Diagnostics found;
  compare_with_state(*version.prepared, folder_of(version), *environment_.filesystem, found);
  for (Diagnostic& problem : found.sorted()) {
    // Of what is only warned of, the start tells.
    if (problem.severity == Severity::error) diagnostics.add(std::move(problem));
  }
}

std::optional<Epoch> PipelineHost::decided(const PipelineVersion& version) {
  const auto newest = read_newest_manifest(*environment_.filesystem, folder_of(version));
  if (!newest) return std::nullopt;
  return *newest ? (*newest)->manifest.epoch : Epoch();
}

}  // namespace sluice
