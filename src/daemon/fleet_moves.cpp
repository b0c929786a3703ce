// How the fleet moves what is to what is wanted, pipeline by pipeline, and what it tells of it.
#include <algorithm>
#include <utility>

#include "base/caught_exception.hpp"
#include "daemon/fleet.hpp"
#include "daemon/neighbours.hpp"

namespace sluice {

using Kind = FleetDecision::Kind;

bool Fleet::move() {
  std::optional<std::vector<Proposal>> newest;
  bool is_to_stop = false;
  {
    const std::lock_guard lock(mutex_);
    newest.swap(newest_);
    is_to_stop = stop_requested_;
  }
  if (is_to_stop) return stop_all();
  if (newest) take_up(std::move(*newest));
  bool is_under_way = false;
  for (NamedEntry& entry : entries_) is_under_way = move(entry) || is_under_way;
  if (has_summary_) tell_summary();
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [](const auto& named) {
    const Entry& entry = named.second;
    return !entry.running && !entry.wanted && !entry.refusal;
  });
  return is_under_way;
}

bool Fleet::stop_all() {
  bool is_under_way = false;
  for (auto& [name, entry] : entries_) {
    if (!entry.running) continue;
    FleetMember& member = *entry.running;
    if (!member.is_stopping()) member.request_stop();
    const PipelineStatus status = member.pipeline().status();
    member.note(status, *environment_.log);
    is_under_way = is_under_way || !(status.is_held || member.pipeline().has_ended());
  }
  return is_under_way;
}

bool Fleet::move(NamedEntry& named) {
  auto& [name, entry] = named;
  if (entry.running) {
    FleetMember& member = *entry.running;
    const PipelineStatus status = member.pipeline().status();
    member.note(status, *environment_.log);
    if (!member.is_stopping()) {
      if (member.version() == entry.wanted) return watch(name, entry, status);
      member.request_stop();
      member.note(member.pipeline().status(), *environment_.log);
    }
    if (!member.pipeline().has_ended()) return true;
    end(entry);
  }
  if (entry.wanted) return start_when_clear(named);
  if (!entry.is_told) tell(Kind::removed, name, entry);
  return false;
}

// Of the version that is wanted: whether it is still to be seen how its start goes.
bool Fleet::watch(const std::string& name, Entry& entry, const PipelineStatus& status) {
  if (!entry.former) return false;
  if (status.state == PipelineState::starting) return true;
  if (status.state == PipelineState::failed) {
    if (!entry.running->pipeline().has_ended()) return true;
    if (can_go_back(entry)) {
      refuse(name, entry, problem_of(entry, status));
      return true;
    }
  }
  if (!entry.is_settled) {
    entry.is_settled = true;
    tell(Kind::changed, name, entry);
  }
  const bool is_proven = status.run.last_epoch.value > entry.former->decided.value;
  const bool is_over =
      status.state == PipelineState::failed || status.state == PipelineState::finished;
  if (is_proven || is_over) entry.former.reset();
  return false;
}

// Nothing of the saved state may be the failed version's, and nobody may have taken the former
// one's place.
bool Fleet::can_go_back(const Entry& entry) const {
  const PipelineVersion& former = *entry.former->version;
  if (host_.decided(former) != std::optional(entry.former->decided)) return false;
  return std::all_of(entries_.begin(), entries_.end(), [&](const auto& named) {
    const Entry& other = named.second;
    const bool is_in_the_way =
        &other != &entry && other.running && !can_run_beside(former, *other.running->version());
    return !is_in_the_way;
  });
}

FirstProblem Fleet::problem_of(const Entry& entry, const PipelineStatus& status) {
  FirstProblem problem{"", entry.file, entry.file + " " + status.cause, ""};
  if (status.failure) {
    problem.code = error_code_text(status.failure->code);
    problem.advice = status.failure->way_on();
  }
  return problem;
}

void Fleet::end(Entry& entry) {
  const PipelineStatus last = entry.running->pipeline().status();
  entry.running->note(last, *environment_.log);
  const Version version = entry.running->version();
  const std::optional<Epoch> decided = host_.decided(*version);
  const bool was_well = entry.is_settled && last.state != PipelineState::failed;
  if (!entry.wanted) {
    entry.former.reset();
  } else if (was_well && decided) {
    entry.former = Former{version, *decided};
  } else if (!entry.former || decided != std::optional(entry.former->decided)) {
    entry.former.reset();
  }
  // It dies after the lock is free.
  std::unique_ptr<FleetMember> ended;
  const std::lock_guard lock(mutex_);
  ended.swap(entry.running);
  entry.loads.clear();
}

// Of those that have been stopped, one that goes back starts before one that is new.
bool Fleet::starts_first(const NamedEntry& first, const NamedEntry& second) {
  const auto goes_back = [](const Entry& entry) {
    return entry.former && entry.former->version == entry.wanted;
  };
  const bool first_goes_back = goes_back(first.second);
  if (first_goes_back != goes_back(second.second)) return first_goes_back;
  return first.first < second.first;
}

Fleet::Obstacle Fleet::obstacle_of(const NamedEntry& entry, const NamedEntry& other) {
  const PipelineVersion& version = *entry.second.wanted;
  const auto clashes = [&version](const Version& with) {
    return with && !can_run_beside(version, *with);
  };
  const Entry& neighbour = other.second;
  if (neighbour.running && clashes(neighbour.running->version())) {
    return {neighbour.running->version(), neighbour.running->version() != neighbour.wanted};
  }
  if (neighbour.running && !neighbour.is_settled && clashes(neighbour.former->version)) {
    return {neighbour.former->version, true};
  }
  if (!neighbour.running && clashes(neighbour.wanted) && starts_first(other, entry)) {
    return {neighbour.wanted, false};
  }
  return {};
}

bool Fleet::start_when_clear(NamedEntry& named) {
  Entry& entry = named.second;
  for (const NamedEntry& other : entries_) {
    if (&other == &named) continue;
    const Obstacle obstacle = obstacle_of(named, other);
    if (!obstacle.version) continue;
    Diagnostics diagnostics;
    judge_beside(*entry.wanted, *obstacle.version, diagnostics);
    FirstProblem problem = first_problem(diagnostics);
    if (!obstacle.may_go) {
      refuse(named.first, entry, std::move(problem));
    } else {
      const std::lock_guard lock(mutex_);
      entry.waits_for = "waits for the end of pipeline " + other.first + ": " + problem.text;
    }
    return true;
  }
  start(named.first, entry);
  return !entry.is_settled;
}

void Fleet::start(const std::string& name, Entry& entry) {
  const bool is_former = entry.former && entry.former->version->digest == entry.wanted->digest;
  if (is_former) entry.former.reset();
  std::unique_ptr<FleetPipeline> pipeline;
  const Status started = catch_exceptions("the pipeline's start", [&] {
    pipeline = host_.make(*entry.wanted);
    pipeline->start();
  });
  if (!started) {
    const Error& error = started.error();
    return refuse(name, entry,
                  {error_code_text(error.code), entry.file, entry.file + " " + error.final_text(),
                   error.way_on()});
  }
  auto member = std::make_unique<FleetMember>(entry.wanted, std::move(pipeline), entry.versions + 1,
                                              environment_.clock->now_us());
  {
    const std::lock_guard lock(mutex_);
    entry.running = std::move(member);
    entry.waits_for.clear();
    ++entry.versions;
  }
  entry.is_settled = !entry.former.has_value();
  if (entry.is_settled && !entry.is_told) {
    tell(entry.versions == 1 ? Kind::added : Kind::changed, name, entry);
  }
}

// What its file asks for cannot be: the version before it comes again, where there is one.
void Fleet::refuse(const std::string& name, Entry& entry, FirstProblem problem) {
  const bool has_former = entry.former && entry.former->version != entry.wanted;
  {
    const std::lock_guard lock(mutex_);
    entry.wanted = has_former ? entry.former->version : nullptr;
    entry.refusal = std::move(problem);
    entry.waits_for.clear();
  }
  tell(Kind::refused, name, entry);
}

void Fleet::tell(Kind kind, const std::string& name, Entry& entry) {
  entry.is_told = true;
  ++counts_[kind];
  std::vector<LogField> fields{{"pipeline", name}, {"file", entry.file}};
  if (entry.running) fields.emplace_back("version", entry.running->number());
  const auto write = [&](LogLevel level, std::string_view message) {
    environment_.log->write(level, message, fields);
  };
  switch (kind) {
    case Kind::unchanged:
      return;
    case Kind::added:
      return write(LogLevel::info, "pipeline is added");
    case Kind::changed:
      return write(LogLevel::info, "pipeline is changed: its new version has started");
    case Kind::removed:
      return write(LogLevel::info,
                   "pipeline is removed: it has stopped, its state folder and its markers stay");
    case Kind::refused:
      fields.emplace_back("code", entry.refusal->code);
      fields.emplace_back("place", entry.refusal->place);
      fields.emplace_back("cause", entry.refusal->text);
      fields.emplace_back("advice", entry.refusal->advice);
      return write(LogLevel::error, entry.wanted
                                        ? "change is refused: the version before it goes on"
                                        : "pipeline is refused");
  }
}

void Fleet::tell_summary() {
  const bool is_complete = std::all_of(entries_.begin(), entries_.end(),
                                       [](const auto& named) { return named.second.is_told; });
  if (!is_complete) return;
  has_summary_ = false;
  environment_.log->info("what runs is what the files say, but for what is refused",
                         {{"added", counts_[Kind::added]},
                          {"changed", counts_[Kind::changed]},
                          {"removed", counts_[Kind::removed]},
                          {"refused", counts_[Kind::refused]},
                          {"unchanged", counts_[Kind::unchanged]}});
  counts_.clear();
}

}  // namespace sluice
