// FakeHost: pipelines that do nothing, for tests of a fleet: a test says which versions fail and
// when they stop. A version is known by its content. Any thread, but for the public fields, which
// belong to the fleet's moving thread.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>

#include "daemon/fleet_host.hpp"
#include "env/metrics.hpp"

namespace sluice::test {

class FakeHost final : public FleetHost {
 public:
  std::set<uint64_t> unfit;           // what is saved does not fit them
  std::set<uint64_t> fails_at_start;  // refused by a target
  std::set<uint64_t> throws_at_start;
  std::set<uint64_t> stays_starting;  // waits for some server

  // Whether what runs under the name does not end when it is to stop.
  void hold_stops(const std::string& name, bool holds) {
    const std::lock_guard lock(mutex_);
    worlds_[name].holds_stops = holds;
  }
  // The same, and it is seen that it does not.
  void hold_for_good(const std::string& name, bool holds) {
    const std::lock_guard lock(mutex_);
    worlds_[name].is_held = holds;
  }
  // What runs under the name fails for good.
  void fail(const std::string& name) {
    const std::lock_guard lock(mutex_);
    worlds_[name].state = PipelineState::failed;
  }
  void decide(const std::string& name) {
    const std::lock_guard lock(mutex_);
    ++worlds_[name].decided;
  }
  std::string events(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = worlds_.find(name);
    return found == worlds_.end() ? "" : found->second.events;
  }
  std::optional<uint64_t> running(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = worlds_.find(name);
    return found == worlds_.end() ? std::nullopt : found->second.content;
  }

  std::unique_ptr<FleetPipeline> make(const PipelineVersion& version) override {
    if (throws_at_start.contains(version.digest)) throw std::runtime_error("no thread");
    return std::make_unique<FakePipeline>(*this, version.name, version.digest);
  }
  void judge_state(const PipelineVersion& version, Diagnostics& diagnostics) override {
    if (!unfit.contains(version.digest)) return;
    diagnostics.error(ErrorCode::state_incompatible, SourceLocation{}, "does not fit");
  }
  std::optional<Epoch> decided(const PipelineVersion& version) override {
    const std::lock_guard lock(mutex_);
    return Epoch(worlds_[version.name].decided);
  }

 private:
  // Of a name: at most one pipeline runs under it.
  struct World {
    std::optional<uint64_t> content;
    PipelineState state = PipelineState::starting;
    bool is_to_stop = false;
    bool holds_stops = false;
    bool is_held = false;
    uint64_t decided = 0;
    std::string events;
  };

  class FakePipeline final : public FleetPipeline {
   public:
    FakePipeline(FakeHost& host, std::string name, uint64_t content)
        : host_(host), name_(std::move(name)), content_(content) {}
    ~FakePipeline() override {
      const std::lock_guard lock(host_.mutex_);
      note("end");
      world().content.reset();
    }
    void start() override {
      const bool fails = host_.fails_at_start.contains(content_);
      const bool waits = host_.stays_starting.contains(content_);
      const std::lock_guard lock(host_.mutex_);
      if (world().content) throw std::logic_error("two run under one name");
      world().content = content_;
      world().is_to_stop = false;
      world().state = fails   ? PipelineState::failed
                      : waits ? PipelineState::starting
                              : PipelineState::running;
      note("start");
    }
    void request_stop() override {
      const std::lock_guard lock(host_.mutex_);
      if (!world().is_to_stop) note("stop");
      world().is_to_stop = true;
    }
    bool has_ended() override {
      const std::lock_guard lock(host_.mutex_);
      return ended();
    }
    PipelineStatus status() const override {
      const std::lock_guard lock(host_.mutex_);
      PipelineStatus status;
      status.state = world().state;
      status.run.last_epoch = Epoch(world().decided);
      status.is_held = world().is_held;
      if (world().is_to_stop && status.state != PipelineState::failed) {
        status.state = ended() ? PipelineState::stopped : PipelineState::stopping;
      }
      if (world().is_held) status.state = PipelineState::failed;
      if (status.state == PipelineState::failed) {
        status.failure = Error{ErrorCode::target_refused, "another folder's"};
        status.cause = status.failure->final_text();
      }
      return status;
    }
    std::vector<Counters::Sample> samples() const override {
      return {{&metrics::records_in, Counters::Part::whole, {{"pipeline", name_}}, 1}};
    }

   private:
    World& world() const { return host_.worlds_[name_]; }
    void note(const char* event) {
      std::string& events = world().events;
      events += (events.empty() ? "" : ", ") + std::string(event) + " " + std::to_string(content_);
    }
    bool ended() const {
      const World& now = world();
      if (now.is_held) return false;
      return now.state == PipelineState::failed || (now.is_to_stop && !now.holds_stops);
    }

    FakeHost& host_;
    const std::string name_;
    const uint64_t content_;
  };

  mutable std::mutex mutex_;
  std::map<std::string, World> worlds_;
};

}  // namespace sluice::test
