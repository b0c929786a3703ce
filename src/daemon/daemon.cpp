#include "daemon/daemon.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sluice {

namespace {

constexpr int64_t look_interval_us = 1'000'000;
// How soon the fleet is asked again while something is under way.
constexpr std::chrono::milliseconds move_interval(20);
constexpr std::chrono::microseconds rest_interval(look_interval_us);

}  // namespace

Daemon::Daemon(DaemonOptions options, const Environment& environment)
    : options_(std::move(options)),
      environment_(environment),
      host_(options_.settings, environment),
      fleet_(host_, environment) {}

Result<std::vector<Proposal>> Daemon::read_folder() const {
  auto folder = prepare_folder(options_.folder, options_.prepare, *environment_.filesystem);
  if (!folder) {
    return fail(ErrorCode::no_pipelines,
                "the folder of the pipelines cannot be read: " + folder.error().message);
  }
  for (const std::string& path : folder->passed_over) {
    environment_.log->write(LogLevel::warning, passed_over_text(path),
                            {{"code", error_code_text(ErrorCode::no_pipelines)}, {"file", path}});
  }
  if (folder->proposals.empty()) {
    return fail(ErrorCode::no_pipelines, options_.folder + " holds no pipeline file (*.yaml)");
  }
  return std::move(folder->proposals);
}

Status Daemon::load() {
  SLUICE_ASSIGN(std::vector<Proposal> proposals, read_folder());
  const bool can_run =
      std::any_of(proposals.begin(), proposals.end(),
                  [](const Proposal& proposal) { return proposal.version != nullptr; });
  if (!can_run) {
    for (const Proposal& proposal : proposals) {
      log_problems(proposal.diagnostics, *environment_.log);
    }
    return fail(ErrorCode::no_pipelines, "no pipeline of " + options_.folder + " can run: " +
                                             first_problem(proposals.front().diagnostics).text);
  }
  fleet_.want(std::move(proposals));
  return {};
}

Status Daemon::start() {
  SLUICE_ASSIGN(http_, HttpServer::start(options_.settings.listen, routes(), *environment_.clock));
  environment_.log->info("answering HTTP", {{"address", http_->address().text()}});
  fleet_.move();
  service_manager_.ready();
  return {};
}

void Daemon::run() {
  bool is_under_way = true;
  while (true) {
    const Request request = next_request(is_under_way);
    if (request == Request::stop) break;
    if (request == Request::reload) reload();
    is_under_way = fleet_.move();
    look_around();
  }
  service_manager_.stopping();
  environment_.log->info("stopping: every pipeline takes a final checkpoint");
  fleet_.request_stop();
  while (fleet_.move()) {
    std::unique_lock lock(mutex_);
    condition_.wait_for(lock, move_interval);
    lock.unlock();
    look_around();
  }
  http_.reset();
  environment_.log->info("stopped");
}

Daemon::Request Daemon::next_request(bool is_under_way) {
  const std::chrono::microseconds interval =
      is_under_way ? std::chrono::microseconds(move_interval) : rest_interval;
  std::unique_lock lock(mutex_);
  condition_.wait_for(lock, interval, [this] { return stop_requested_ || reload_requested_; });
  if (stop_requested_) return Request::stop;
  return std::exchange(reload_requested_, false) ? Request::reload : Request::none;
}

void Daemon::reload() {
  environment_.log->info("reading the pipelines' files again", {{"folder", options_.folder}});
  Result<std::vector<Proposal>> proposals = read_folder();
  if (proposals) {
    fleet_.want(std::move(*proposals));
  } else {
    environment_.log->error("the reload is refused, and what runs goes on", proposals.error());
  }
  const std::lock_guard lock(mutex_);
  reload_refusal_ = proposals ? std::string() : proposals.error().final_text();
}

std::string Daemon::reload_refusal() const {
  const std::lock_guard lock(mutex_);
  return reload_refusal_;
}

void Daemon::request_stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_requested_ = true;
  }
  condition_.notify_all();
}

void Daemon::request_reload() {
  {
    const std::lock_guard lock(mutex_);
    reload_requested_ = true;
  }
  condition_.notify_all();
}

void Daemon::look_around() {
  const int64_t now_us = environment_.clock->monotonic_us();
  if (now_us - looked_us_ < look_interval_us) return;
  looked_us_ = now_us;
  fleet_.measure();
  const std::vector<PipelineReport> now = fleet_.reports();
  service_manager_.status(summary_text(now));
  if (may_feed_watchdog(now)) service_manager_.alive();
}

std::vector<HttpRoute> Daemon::routes() {
  const std::string json = "application/json";
  return {
      {"/healthz",
       [](const std::string&) {
         return HttpResponse{200, "text/plain", "ok\n"};
       }},
      {"/readyz",
       [this, json](const std::string&) {
         const std::vector<PipelineReport> now = fleet_.reports();
         return HttpResponse{is_ready(now) ? 200 : 503, json, readiness_json(now)};
       }},
      {"/metrics", [this](const std::string&) { return metrics_response(); }},
      {"/api/v1/pipelines", [this](const std::string&) { return pipelines_response(); }},
      {"/api/v1/pipelines/", [this](const std::string& name) { return pipeline_response(name); }}};
}

HttpResponse Daemon::pipelines_response() const {
  return {200, "application/json",
          pipelines_json(fleet_.reports(), {fleet_.generation(), reload_refusal()},
                         environment_.clock->monotonic_us())};
}

HttpResponse Daemon::pipeline_response(const std::string& name) const {
  for (const PipelineReport& report : fleet_.reports()) {
    if (report.name != name) continue;
    return {200, "application/json", pipeline_json(report, environment_.clock->monotonic_us())};
  }
  return {404, "application/json", "{\"error\":\"there is no pipeline of this name\"}\n"};
}

HttpResponse Daemon::metrics_response() const {
  ServiceMetrics metrics;
  metrics.version = options_.version;
  metrics.config_generation = fleet_.generation();
  metrics.now_us = environment_.clock->now_us();
  metrics.pipelines = fleet_.metrics();
  metrics.is_reload_refused = !reload_refusal().empty();
  return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(metrics)};
}

}  // namespace sluice
