// PipelineReport: what the service can say about one pipeline at one moment, and what follows from
// all of them: is the service ready, may systemd be told that it is alive, what does it answer over
// HTTP. Pure values and functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/pipeline.hpp"

namespace sluice {

struct PipelineReport {
  std::string name;
  std::string file;
  PipelineStatus status;  // of a file that was refused: FAILED, with its first problem as cause
  uint64_t version = 0;   // that runs, counted from 1 since the service started; 0: none
  int64_t since_us = 0;   // when that was started
  std::string refusal;    // why what the file asks for now does not run; empty: it does
};

// How the service's files were taken up.
struct ReloadReport {
  uint64_t generation = 0;  // how often they were
  std::string refusal;      // why they were not the last time; empty: they were
};

// Does what it should: runs and progresses, or has ended as it should.
bool is_well(const PipelineReport& report);
// Every pipeline is well, and there are some.
bool is_ready(const std::vector<PipelineReport>& reports);

// Barriers do not advance and no server is to blame for it: only a restart of the process may help.
bool is_stalled(const PipelineReport& report);
// False only when a pipeline is stalled and none is well: one pipeline's trouble must not restart
// the others.
bool may_feed_watchdog(const std::vector<PipelineReport>& reports);

// "3 pipelines: 2 RUNNING, 1 FAILED"
std::string summary_text(const std::vector<PipelineReport>& reports);

// Bodies of /readyz, /api/v1/pipelines and /api/v1/pipelines/NAME. `monotonic_us` is now.
std::string readiness_json(const std::vector<PipelineReport>& reports);
std::string pipelines_json(const std::vector<PipelineReport>& reports, const ReloadReport& reload,
                           int64_t monotonic_us);
std::string pipeline_json(const PipelineReport& report, int64_t monotonic_us);

}  // namespace sluice
