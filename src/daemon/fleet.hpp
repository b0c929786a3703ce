// Fleet: the pipelines of a service: what is wanted, what is, and the one place that moves the
// second to the first.
//
// What is wanted is a list of proposals, each of a file, replaced as a whole by want(). Whoever
// changes what runs changes only that. move() takes the newest list, decides what it means for each
// pipeline (daemon/fleet_plan.hpp) and goes on until all is as decided:
//
//   added     starts, as soon as nobody who is about to go has what it must have for itself
//   removed   stops with a final checkpoint; its entry goes when that is done, its state folder
//   stays changed   what would be refused is refused before anything stops. Otherwise the version
//   that
//             runs stops with a final checkpoint and the new one starts from it. If that fails for
//             good before it has decided a checkpoint, the former one starts again: nothing of the
//             state is other than it left it
//   refused   what runs goes on, with the refusal beside it; where nothing runs, the entry has
//   failed unchanged is not touched, whatever state it is in
//
// A list that comes while another one is being moved to replaces it: what has been stopped starts
// as the newer list says. Restarts of failed runs are the pipeline's own
// (pipeline/restart_policy.hpp).
//
// Threads: want, request_stop, reports and metrics: any. move and measure: one, the moving thread,
// which waits neither for a pipeline nor, while others may look, for a file. Entries come and go
// under a lock; what readers get are copies. The trouble of one pipeline is told in its report and
// the log, and touches no other.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/file_problems.hpp"
#include "daemon/fleet_host.hpp"
#include "daemon/fleet_member.hpp"
#include "daemon/fleet_plan.hpp"
#include "daemon/metrics.hpp"
#include "daemon/pipeline_report.hpp"
#include "env/environment.hpp"

namespace sluice {

class Fleet {
 public:
  // Both are borrowed.
  Fleet(FleetHost& host, const Environment& environment);
  // Stops what still runs and waits for it.
  ~Fleet();

  void want(std::vector<Proposal> proposals);
  // Nothing starts any more; everything stops with a final checkpoint, and stays listed.
  void request_stop();
  // As far as it goes without waiting. True: something is under way, so it is to be called again
  // soon; otherwise once in a while, for what happens by itself. After request_stop: false when all
  // have ended or are held.
  bool move();
  // The loads of slots since the last time.
  void measure();

  // How often what was wanted has been taken up.
  uint64_t generation() const;
  // By name. Empty before the first list has been taken up.
  std::vector<PipelineReport> reports() const;
  std::vector<PipelineMetrics> metrics() const;
  // The destructor would wait for a pipeline that does not end: see Pipeline::is_held.
  bool is_held() const;

 private:
  using Version = std::shared_ptr<const PipelineVersion>;

  // What a new version goes back to when it fails before it has decided anything.
  struct Former {
    Version version;
    Epoch decided;  // when it had stopped
  };
  struct Entry {
    std::string file;
    Version wanted;                        // null: it is to go
    std::unique_ptr<FleetMember> running;  // null: nothing
    std::optional<Former> former;
    bool is_settled = true;               // the start of `running` has gone well, or it is no trial
    std::optional<FirstProblem> refusal;  // of what its file asks for now
    std::string waits_for;
    std::vector<SlotLoad> loads;
    uint64_t versions = 0;  // that have been started
    bool is_told = true;    // what became of the last decision
  };
  using Entries = std::map<std::string, Entry>;
  using NamedEntry = Entries::value_type;
  // What must not run beside a version that is to start; null: nothing.
  struct Obstacle {
    Version version;
    bool may_go = false;  // it is on its way to, or may turn out to be
  };
  // Decisions since the last summary, by kind.
  using Counts = std::map<FleetDecision::Kind, uint64_t>;

  void take_up(std::vector<Proposal> proposals);
  std::vector<Incumbent> incumbents() const;
  void follow(const FleetDecision& decision, const std::vector<Proposal>& proposals);
  // True: it is under way.
  bool stop_all();
  bool move(NamedEntry& named);
  bool watch(const std::string& name, Entry& entry, const PipelineStatus& status);
  bool start_when_clear(NamedEntry& named);
  void start(const std::string& name, Entry& entry);
  void end(Entry& entry);
  bool can_go_back(const Entry& entry) const;
  static bool starts_first(const NamedEntry& first, const NamedEntry& second);
  static Obstacle obstacle_of(const NamedEntry& entry, const NamedEntry& other);
  static FirstProblem problem_of(const Entry& entry, const PipelineStatus& status);
  void refuse(const std::string& name, Entry& entry, FirstProblem problem);
  void tell(FleetDecision::Kind kind, const std::string& name, Entry& entry);
  void tell_summary();
  PipelineReport report(const std::string& name, const Entry& entry) const;

  FleetHost& host_;
  const Environment environment_;
  Counts counts_;             // the moving thread's
  bool has_summary_ = false;  // is due; likewise

  mutable std::mutex mutex_;
  // Changed by the moving thread alone, which therefore reads them without the lock.
  Entries entries_;
  uint64_t generation_ = 0;
  std::optional<std::vector<Proposal>> newest_;  // that has not been taken up
  bool stop_requested_ = false;
};

}  // namespace sluice
