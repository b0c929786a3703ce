// Daemon: `sluice serve`: runs the pipelines of a folder until it is told to stop, answers HTTP and
// tells systemd how it goes. What runs is the fleet's affair (daemon/fleet.hpp); the daemon hands
// it the folder's files. A pipeline that fails, or whose file has errors, is reported and leaves
// the others alone.
//
// Order: load, start, run. One thread calls them; request_stop may come from any. Errors: load when
// no pipeline can run, start when the address cannot be bound; a pipeline's failure is none.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/fleet.hpp"
#include "daemon/folder_files.hpp"
#include "daemon/http_server.hpp"
#include "daemon/pipeline_host.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/settings.hpp"

namespace sluice {

struct DaemonOptions {
  std::string folder;  // of pipeline files
  DaemonSettings settings;
  std::string version;
  PrepareFile prepare;
};

class Daemon {
 public:
  Daemon(DaemonOptions options, const Environment& environment);

  // Every *.yaml of the folder but those that others include.
  Status load();
  Status start();
  // Until request_stop, then until every pipeline has taken its final checkpoint, or is held.
  void run();
  // A pipeline is: the destructor would wait for it. See Pipeline.
  bool is_held() const { return fleet_.is_held(); }
  void request_stop();

 private:
  Result<std::vector<Proposal>> read_folder() const;
  // For a stop, or for as long as the fleet may be left to itself.
  bool wait_for_stop(bool is_under_way);
  // Once a second, also while the pipelines stop: measures loads, tells systemd.
  void look_around();

  std::vector<HttpRoute> routes();
  HttpResponse pipeline_response(const std::string& name) const;
  HttpResponse metrics_response() const;

  const DaemonOptions options_;
  const Environment environment_;
  PipelineHost host_;
  Fleet fleet_;
  ServiceManager service_manager_;
  int64_t looked_us_ = 0;

  std::mutex mutex_;
  std::condition_variable condition_;
  bool stop_requested_ = false;
  std::unique_ptr<HttpServer> http_;
};

}  // namespace sluice
