// Daemon: `sluice serve`: runs the pipelines of a folder until it is told to stop, answers HTTP and
// tells systemd how it goes. What runs is the fleet's affair (daemon/fleet.hpp); the daemon hands
// it the folder's files. A pipeline that fails, or whose file has errors, is reported and leaves
// the others alone.
//
// A reload reads the folder again. Requests that come while one is read are one more reload; none
// waits for what the one before it has set going. A folder that cannot be read, or has no pipeline
// file, is refused as a whole, so that one that is away for a moment stops nothing.
//
// Order: load, start, run. One thread calls them; the requests may come from any. Errors: load when
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
  void request_reload();

 private:
  enum class Request : uint8_t { none, reload, stop };

  Result<std::vector<Proposal>> read_folder() const;
  void reload();
  std::string reload_refusal() const;
  // Waits for one, or for as long as the fleet may be left to itself.
  Request next_request(bool is_under_way);
  // Once a second, also while the pipelines stop: measures loads, tells systemd.
  void look_around();

  std::vector<HttpRoute> routes();
  HttpResponse pipelines_response() const;
  HttpResponse pipeline_response(const std::string& name) const;
  HttpResponse metrics_response() const;

  const DaemonOptions options_;
  const Environment environment_;
  PipelineHost host_;
  Fleet fleet_;
  ServiceManager service_manager_;
  int64_t looked_us_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable condition_;
  bool stop_requested_ = false;
  bool reload_requested_ = false;
  std::string reload_refusal_;  // of the last reload as a whole
  std::unique_ptr<HttpServer> http_;
};

}  // namespace sluice
