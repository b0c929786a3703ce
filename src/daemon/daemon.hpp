// Daemon: `sluice serve`: runs every pipeline of a folder until it is told to stop, answers HTTP
// and tells systemd how it goes. Each pipeline has its own tasks, budget and restarts: one that
// fails, or whose file has errors, is reported and leaves the others alone.
//
// Order: load, start, run. One thread calls them; request_stop may come from any. Errors: load when
// no pipeline can run, start when the address cannot be bound; a pipeline's failure is none.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/folder_files.hpp"
#include "daemon/http_server.hpp"
#include "daemon/metrics.hpp"
#include "daemon/pipeline_report.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/settings.hpp"

namespace sluice {

struct DaemonOptions {
  std::string folder;  // of pipeline files
  DaemonSettings settings;
  std::string version;
};

// Reads and plans one pipeline file, secrets resolved.
using PrepareFile = std::function<PrepareResult(const std::string& path, Diagnostics&)>;

class Daemon {
 public:
  Daemon(DaemonOptions options, const Environment& environment);
  ~Daemon();

  // Every *.yaml of the folder but those that others include.
  Status load(const PrepareFile& prepare);
  Status start();
  // Until request_stop, then until every pipeline has taken its final checkpoint, or is held.
  void run();
  // A pipeline is: the destructor would wait for it. See Pipeline.
  bool is_held() const;
  void request_stop();

 private:
  struct Entry {
    std::string name;
    std::string file;
    std::string refusal;                 // why there is no pipeline
    std::unique_ptr<Pipeline> pipeline;  // null: refused
    bool is_started = false;
    PipelineState seen_state = PipelineState::starting;
    std::vector<SlotTime> seen_times;
    std::vector<SlotLoad> load;
  };

  void add(FolderFile file);
  void tell_apart();
  PipelineReport report(const Entry& entry) const;
  std::vector<PipelineReport> reports() const;
  // Once a second, also while the pipelines stop: logs changed states, measures loads, tells
  // systemd.
  void look_around();
  void note(Entry& entry, const PipelineReport& report);
  void request_pipelines_stop();

  std::vector<HttpRoute> routes();
  HttpResponse pipeline_response(const std::string& name) const;
  HttpResponse metrics_response() const;

  const DaemonOptions options_;
  const Environment environment_;
  std::vector<Entry> entries_;
  uint64_t generation_ = 0;
  ServiceManager service_manager_;

  mutable std::mutex mutex_;
  std::condition_variable condition_;
  bool stop_requested_ = false;  // guarded, as are the entries' loads
  std::unique_ptr<HttpServer> http_;
};

}  // namespace sluice
