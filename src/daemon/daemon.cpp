#include "daemon/daemon.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "daemon/folder_files.hpp"

namespace sluice {

namespace {

constexpr int64_t look_interval_us = 1'000'000;
constexpr std::chrono::microseconds look_interval(look_interval_us);

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

Daemon::Daemon(DaemonOptions options, const Environment& environment)
    : options_(std::move(options)), environment_(environment) {}

Daemon::~Daemon() { request_pipelines_stop(); }

Status Daemon::load(const PrepareFile& prepare) {
  auto folder = prepare_folder(options_.folder, prepare, *environment_.filesystem);
  if (!folder) {
    return fail(ErrorCode::no_pipelines,
                "the folder of the pipelines cannot be read: " + folder.error().message);
  }
  for (const std::string& path : folder->passed_over) {
    environment_.log->write(LogLevel::warning, passed_over_text(path),
                            {{"code", error_code_text(ErrorCode::no_pipelines)}, {"file", path}});
  }
  for (FolderFile& file : folder->files) add(std::move(file));
  tell_apart();
  ++generation_;
  const bool can_run = std::any_of(entries_.begin(), entries_.end(),
                                   [](const Entry& entry) { return entry.pipeline != nullptr; });
  if (can_run) return {};
  return fail(ErrorCode::no_pipelines,
              entries_.empty()
                  ? options_.folder + " holds no pipeline file (*.yaml)"
                  : "no pipeline of " + options_.folder + " can run: " + entries_.front().refusal);
}

void Daemon::add(FolderFile file) {
  std::unique_ptr<PreparedPipeline>& prepared = file.prepared.pipeline;
  Entry entry;
  entry.file = file.path;
  entry.name = prepared ? prepared->spec().name : name_of_file(file.path);
  log_problems(file.diagnostics, *environment_.log);
  if (prepared) {
    PipelineSettings settings;
    settings.state_dir = options_.settings.state_dir;
    settings.name_space = options_.settings.name_space;
    settings.run.stop_timeout_us = options_.settings.stop_timeout_us;
    entry.pipeline = std::make_unique<Pipeline>(std::move(prepared), settings, environment_);
  } else {
    const FirstProblem problem = first_problem(file.diagnostics);
    entry.refusal = problem.text;
    environment_.log->write(LogLevel::error, "pipeline is refused",
                            {{"pipeline", entry.name},
                             {"file", entry.file},
                             {"code", problem.code},
                             {"place", problem.place},
                             {"cause", problem.text}});
  }
  entries_.push_back(std::move(entry));
}

// A refused file is named after itself, which may be another's pipeline.
void Daemon::tell_apart() {
  for (Entry& entry : entries_) {
    if (entry.pipeline) continue;
    const auto others = std::count_if(entries_.begin(), entries_.end(),
                                      [&](const Entry& other) { return other.name == entry.name; });
    if (others > 1) entry.name = std::filesystem::path(entry.file).filename().string();
  }
}

Status Daemon::start() {
  SLUICE_ASSIGN(http_, HttpServer::start(options_.settings.listen, routes()));
  environment_.log->info("answering HTTP", {{"address", http_->address().text()}});
  for (Entry& entry : entries_) {
    if (!entry.pipeline) continue;
    entry.pipeline->start();
    entry.is_started = true;
  }
  service_manager_.ready();
  return {};
}

void Daemon::run() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (condition_.wait_for(lock, look_interval, [this] { return stop_requested_; })) break;
    }
    look_around();
  }
  service_manager_.stopping();
  environment_.log->info("stopping: every pipeline takes a final checkpoint");
  request_pipelines_stop();
  for (const Entry& entry : entries_) {
    while (entry.is_started && !entry.pipeline->wait_for(look_interval_us)) look_around();
  }
  look_around();
  http_.reset();
  environment_.log->info("stopped");
}

bool Daemon::is_held() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const Entry& entry) {
    return entry.pipeline && entry.pipeline->is_held();
  });
}

void Daemon::request_stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_requested_ = true;
  }
  condition_.notify_all();
}

void Daemon::request_pipelines_stop() {
  for (Entry& entry : entries_) {
    if (entry.is_started) entry.pipeline->request_stop();
  }
}

PipelineReport Daemon::report(const Entry& entry) const {
  PipelineReport report{entry.name, entry.file, {}};
  if (entry.pipeline) {
    report.status = entry.pipeline->status();
  } else {
    report.status.state = PipelineState::failed;
    report.status.cause = entry.refusal;
  }
  return report;
}

std::vector<PipelineReport> Daemon::reports() const {
  std::vector<PipelineReport> reports;
  for (const Entry& entry : entries_) reports.push_back(report(entry));
  return reports;
}

void Daemon::look_around() {
  const std::vector<PipelineReport> now = reports();
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].pipeline) note(entries_[i], now[i]);
  }
  service_manager_.status(summary_text(now));
  if (may_feed_watchdog(now)) service_manager_.alive();
}

void Daemon::note(Entry& entry, const PipelineReport& report) {
  if (report.status.state != entry.seen_state) {
    entry.seen_state = report.status.state;
    std::vector<LogField> fields{{"pipeline", entry.name},
                                 {"state", pipeline_state_text(report.status.state)}};
    if (!report.status.cause.empty()) fields.emplace_back("cause", report.status.cause);
    environment_.log->write(level_of(report.status.state), "pipeline changed its state", fields);
  }
  std::vector<SlotTime> times = report.status.run.slots;
  entry.seen_times.resize(times.size());
  std::vector<SlotLoad> load;
  for (size_t slot = 0; slot < times.size(); ++slot) {
    load.push_back(load_between(entry.seen_times[slot], times[slot]));
  }
  entry.seen_times = std::move(times);
  const std::lock_guard lock(mutex_);
  entry.load = std::move(load);
}

std::vector<HttpRoute> Daemon::routes() {
  const std::string json = "application/json";
  return {{"/healthz",
           [](const std::string&) {
             return HttpResponse{200, "text/plain", "ok\n"};
           }},
          {"/readyz",
           [this, json](const std::string&) {
             const std::vector<PipelineReport> now = reports();
             return HttpResponse{is_ready(now) ? 200 : 503, json, readiness_json(now)};
           }},
          {"/metrics", [this](const std::string&) { return metrics_response(); }},
          {"/api/v1/pipelines",
           [this, json](const std::string&) {
             return HttpResponse{200, json,
                                 pipelines_json(reports(), environment_.clock->monotonic_us())};
           }},
          {"/api/v1/pipelines/([^/]+)",
           [this](const std::string& name) { return pipeline_response(name); }}};
}

HttpResponse Daemon::pipeline_response(const std::string& name) const {
  for (const Entry& entry : entries_) {
    if (entry.name != name) continue;
    return {200, "application/json",
            pipeline_json(report(entry), environment_.clock->monotonic_us())};
  }
  return {404, "application/json", "{\"error\":\"there is no pipeline of this name\"}\n"};
}

HttpResponse Daemon::metrics_response() const {
  ServiceMetrics metrics;
  metrics.version = options_.version;
  metrics.config_generation = generation_;
  metrics.now_us = environment_.clock->now_us();
  for (const Entry& entry : entries_) {
    PipelineMetrics& pipeline = metrics.pipelines.emplace_back();
    pipeline.report = report(entry);
    if (entry.pipeline) pipeline.samples = entry.pipeline->counters().samples();
    const std::lock_guard lock(mutex_);
    pipeline.slots = entry.load;
  }
  return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(metrics)};
}

}  // namespace sluice
