#include "daemon/fleet_member.hpp"

#include <utility>

namespace sluice {

namespace {

LogLevel level_of(PipelineState state) {
  switch (state) {
    case PipelineState::failed:
      return LogLevel::error;
    case PipelineState::degraded:
    case PipelineState::restarting:
      return LogLevel::warning;
    default:
      return LogLevel::info;
  }
}

}  // namespace

void FleetMember::request_stop() {
  is_stopping_ = true;
  pipeline_->request_stop();
}

void FleetMember::note(const PipelineStatus& status, Log& log) {
  if (status.state == seen_state_) return;
  seen_state_ = status.state;
  std::vector<LogField> fields{{"pipeline", version_->name},
                               {"state", pipeline_state_text(status.state)}};
  if (!status.cause.empty()) fields.emplace_back("cause", status.cause);
  log.write(level_of(status.state), "pipeline changed its state", fields);
}

std::vector<SlotLoad> FleetMember::measure(const PipelineStatus& status) {
  std::vector<SlotTime> times = status.run.slots;
  seen_times_.resize(times.size());
  std::vector<SlotLoad> loads;
  for (size_t slot = 0; slot < times.size(); ++slot) {
    loads.push_back(load_between(seen_times_[slot], times[slot]));
  }
  seen_times_ = std::move(times);
  return loads;
}

}  // namespace sluice
