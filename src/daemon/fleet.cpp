// The fleet's outside: what is wanted comes in, what is goes out. How one is moved to the other is
// in fleet_moves.cpp.
#include "daemon/fleet.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

Fleet::Fleet(FleetHost& host, const Environment& environment)
    : host_(host), environment_(environment) {}

Fleet::~Fleet() {
  for (auto& [name, entry] : entries_) {
    if (entry.running) entry.running->request_stop();
  }
}

void Fleet::want(std::vector<Proposal> proposals) {
  const std::lock_guard lock(mutex_);
  newest_ = std::move(proposals);
}

void Fleet::request_stop() {
  const std::lock_guard lock(mutex_);
  stop_requested_ = true;
}

uint64_t Fleet::generation() const {
  const std::lock_guard lock(mutex_);
  return generation_;
}

bool Fleet::is_held() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(entries_.begin(), entries_.end(), [](const auto& named) {
    const Entry& entry = named.second;
    return entry.running && entry.running->pipeline().status().is_held;
  });
}

std::vector<PipelineReport> Fleet::reports() const {
  const std::lock_guard lock(mutex_);
  std::vector<PipelineReport> reports;
  for (const auto& [name, entry] : entries_) reports.push_back(report(name, entry));
  return reports;
}

std::vector<PipelineMetrics> Fleet::metrics() const {
  const std::lock_guard lock(mutex_);
  std::vector<PipelineMetrics> metrics;
  for (const auto& [name, entry] : entries_) {
    PipelineMetrics& pipeline = metrics.emplace_back();
    pipeline.report = report(name, entry);
    if (entry.running) pipeline.samples = entry.running->pipeline().samples();
    pipeline.slots = entry.loads;
  }
  return metrics;
}

PipelineReport Fleet::report(const std::string& name, const Entry& entry) const {
  PipelineReport report{name, entry.file, {}};
  if (entry.refusal) report.refusal = entry.refusal->text;
  if (entry.running) {
    report.status = entry.running->pipeline().status();
    report.version = entry.running->number();
    report.since_us = entry.running->since_us();
  } else if (entry.wanted) {
    report.status.cause = entry.waits_for;
  } else {
    report.status.state = PipelineState::failed;
    report.status.cause = report.refusal;
  }
  return report;
}

void Fleet::measure() {
  for (auto& [name, entry] : entries_) {
    if (!entry.running) continue;
    std::vector<SlotLoad> loads = entry.running->measure(entry.running->pipeline().status());
    const std::lock_guard lock(mutex_);
    entry.loads = std::move(loads);
  }
}

std::vector<Incumbent> Fleet::incumbents() const {
  std::vector<Incumbent> incumbents;
  for (const auto& [name, entry] : entries_) {
    if (entry.wanted) incumbents.push_back({entry.file, entry.wanted});
  }
  return incumbents;
}

void Fleet::take_up(std::vector<Proposal> proposals) {
  const std::vector<FleetDecision> decisions = plan_fleet(
      proposals, incumbents(), [this](const PipelineVersion& version, Diagnostics& diagnostics) {
        host_.judge_state(version, diagnostics);
      });
  {
    const std::lock_guard lock(mutex_);
    for (auto& [name, entry] : entries_) entry.refusal.reset();
    std::erase_if(entries_,
                  [](const auto& named) { return !named.second.running && !named.second.wanted; });
    for (const FleetDecision& decision : decisions) {
      Entry& entry = entries_[decision.name];
      entry.file = decision.file;
      entry.wanted = decision.version;
      // Of an unchanged one it may still be under way.
      if (decision.kind != FleetDecision::Kind::unchanged) entry.is_told = false;
      if (decision.kind == FleetDecision::Kind::refused) {
        entry.refusal = first_problem(proposals[decision.proposal].diagnostics);
      }
    }
    ++generation_;
  }
  for (const FleetDecision& decision : decisions) follow(decision, proposals);
  has_summary_ = true;
}

void Fleet::follow(const FleetDecision& decision, const std::vector<Proposal>& proposals) {
  const bool is_of_file = decision.kind != FleetDecision::Kind::removed &&
                          decision.kind != FleetDecision::Kind::unchanged;
  if (is_of_file) log_problems(proposals[decision.proposal].diagnostics, *environment_.log);
  Entry& entry = entries_[decision.name];
  const bool is_unchanged = decision.kind == FleetDecision::Kind::unchanged && entry.is_told;
  if (is_unchanged || decision.kind == FleetDecision::Kind::refused) {
    tell(decision.kind, decision.name, entry);
  }
}

}  // namespace sluice
