#include "daemon/pipeline_report.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "values/value_text.hpp"

namespace sluice {

namespace {

using Json = nlohmann::json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json target_json(const PublishHealth& target) {
  Json json = {{"name", target.target},
               {"published_epoch", target.published.value},
               {"unpublished_epochs", target.unpublished_epochs},
               {"republished", target.republished},
               {"error", nullptr}};
  if (target.last_error) json["error"] = target.last_error->final_text();
  return json;
}

Json time_json(int64_t time_us) {
  std::string text;
  format_timestamptz(time_us, TimeZone(), text);
  return text;
}

Json watermark_json(const RunStatus& run) {
  if (!run.watermark_us || *run.watermark_us == INT64_MAX) return nullptr;
  return time_json(*run.watermark_us);
}

Json checkpoint_json(const RunStatus& run, int64_t monotonic_us) {
  if (run.last_checkpoint_monotonic_us == 0) return nullptr;
  const int64_t age_us = monotonic_us - run.last_checkpoint_monotonic_us;
  return {{"epoch", run.last_epoch.value}, {"age_seconds", static_cast<double>(age_us) / 1e6}};
}

Json to_json(const PipelineReport& report, int64_t monotonic_us) {
  const RunStatus& run = report.status.run;
  Json targets = Json::array();
  for (const PublishHealth& target : report.status.targets) targets.push_back(target_json(target));
  return {{"name", report.name},
          {"file", report.file},
          {"state", pipeline_state_text(report.status.state)},
          {"cause", report.status.cause},
          {"version", report.version == 0 ? Json() : Json(report.version)},
          {"since", report.version == 0 ? Json() : time_json(report.since_us)},
          {"refused", report.refusal.empty() ? Json() : Json(report.refusal)},
          {"restarts", report.status.restarts},
          {"records_read", run.records_read},
          {"lag_records", run.lag_records},
          {"watermark", watermark_json(run)},
          {"checkpoint", checkpoint_json(run, monotonic_us)},
          {"targets", std::move(targets)}};
}

}  // namespace

bool is_well(const PipelineReport& report) {
  const PipelineState state = report.status.state;
  return state == PipelineState::running || state == PipelineState::finished;
}

bool is_ready(const std::vector<PipelineReport>& reports) {
  return !reports.empty() && std::all_of(reports.begin(), reports.end(), is_well);
}

bool is_stalled(const PipelineReport& report) {
  if (report.status.is_held) return true;
  const std::vector<PublishHealth>& targets = report.status.targets;
  return report.status.state == PipelineState::degraded && !report.status.run.source_trouble &&
         std::none_of(targets.begin(), targets.end(), [](const PublishHealth& target) {
           return target.last_error || target.unpublished_epochs > 0;
         });
}

bool may_feed_watchdog(const std::vector<PipelineReport>& reports) {
  return std::none_of(reports.begin(), reports.end(), is_stalled) ||
         std::any_of(reports.begin(), reports.end(), is_well);
}

std::string summary_text(const std::vector<PipelineReport>& reports) {
  std::map<PipelineState, size_t> count;
  for (const PipelineReport& report : reports) ++count[report.status.state];
  std::string text =
      std::to_string(reports.size()) + (reports.size() == 1 ? " pipeline" : " pipelines");
  for (const auto& [state, number] : count) {
    text += (state == count.begin()->first ? ": " : ", ") + std::to_string(number) + " " +
            pipeline_state_text(state);
  }
  return text;
}

std::string readiness_json(const std::vector<PipelineReport>& reports) {
  Json pipelines = Json::array();
  for (const PipelineReport& report : reports) {
    pipelines.push_back({{"name", report.name},
                         {"state", pipeline_state_text(report.status.state)},
                         {"cause", report.status.cause}});
  }
  return dump({{"ready", is_ready(reports)}, {"pipelines", std::move(pipelines)}});
}

std::string pipelines_json(const std::vector<PipelineReport>& reports, const ReloadReport& reload,
                           int64_t monotonic_us) {
  Json pipelines = Json::array();
  for (const PipelineReport& report : reports) pipelines.push_back(to_json(report, monotonic_us));
  return dump({{"pipelines", std::move(pipelines)},
               {"reload",
                {{"generation", reload.generation},
                 {"refused", reload.refusal.empty() ? Json() : Json(reload.refusal)}}}});
}

std::string pipeline_json(const PipelineReport& report, int64_t monotonic_us) {
  return dump(to_json(report, monotonic_us));
}

}  // namespace sluice
