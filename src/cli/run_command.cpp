#include <unistd.h>
#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/progress_line.hpp"
#include "cli/signals.hpp"
#include "env/metrics.hpp"
#include "pipeline/pipeline.hpp"

namespace sluice {

namespace {

struct RunFlags {
  std::string file;
  std::string state_dir = "state";
  std::string name_space = "sluice";
  std::string until;
  bool close = false;
  uint32_t parallelism = 0;
};

// What a step keeps in its state for the next start: rows of windows that are open, sides of joins,
// groups.
struct HeldRows {
  std::string step;
  std::string operator_name;
  int64_t rows = 0;
};

// A pipeline that has closed needs none of it any more.
std::vector<HeldRows> held_rows(const Pipeline& pipeline) {
  std::vector<HeldRows> held;
  if (pipeline.end() == RunEnd::closed) return held;
  for (const Counters::Sample& sample : pipeline.counters().samples()) {
    if (sample.metric != &metrics::records_held || sample.value == 0) continue;
    HeldRows& entry = held.emplace_back();
    for (const auto& [name, value] : sample.labels) {
      if (name == "step") entry.step = value;
      if (name == "operator") entry.operator_name = value;
    }
    entry.rows = sample.value;
  }
  return held;
}

nlohmann::json result_of(const PipelineStatus& status, const std::vector<HeldRows>& held) {
  nlohmann::json rows = nlohmann::json::array();
  for (const HeldRows& entry : held) {
    rows.push_back({{"step", entry.step}, {"operator", entry.operator_name}, {"rows", entry.rows}});
  }
  return {{"state", pipeline_state_text(status.state)},
          {"restarts", status.restarts},
          {"held", std::move(rows)}};
}

void print_held(const std::vector<HeldRows>& held) {
  if (!held.empty()) std::printf("held in state, for the next start:\n");
  for (const HeldRows& entry : held) {
    const bool in_groups = entry.operator_name.find("aggregate") != std::string::npos;
    std::printf("  %s %s: %s%" PRId64 " row%s\n", entry.step.c_str(), entry.operator_name.c_str(),
                in_groups ? "groups of " : "", entry.rows, entry.rows == 1 ? "" : "s");
  }
}

ProgressLine::Shown progress_shown(Command& command) {
  if (command.flags().quiet || command.flags().json) return ProgressLine::Shown::no;
  return isatty(STDERR_FILENO) != 0 ? ProgressLine::Shown::as_text : ProgressLine::Shown::in_log;
}

ExitCode run(const RunFlags& flags, Command& command) {
  std::shared_ptr<const PreparedPipeline> prepared =
      command.prepare("run", flags.file, {true, flags.parallelism, false});
  if (!prepared) return ExitCode::configuration;
  PipelineSettings settings;
  settings.state_dir = flags.state_dir;
  settings.name_space = flags.name_space;
  settings.run.until_end = !flags.until.empty();
  settings.run.close = flags.close;
  settings.fail_on_first_error = true;
  Pipeline pipeline(prepared, settings, command.environment());
  pipeline.start();
  std::optional<Error> failure;
  {
    const Signals signals({[&] { pipeline.request_stop(); }, nullptr},
                          settings.run.stop_timeout_us + stop_grace_us, command.environment());
    const ProgressLine progress(pipeline, command.environment(), progress_shown(command));
    failure = pipeline.wait();
  }
  if (failure) {
    const ExitCode reported = command.report("run", *failure);
    const ExitCode code = reported == ExitCode::configuration ? ExitCode::run_failed : reported;
    if (pipeline.is_held()) end_now(static_cast<int>(code));
    return code;
  }
  const PipelineStatus status = pipeline.status();
  const std::vector<HeldRows> held = held_rows(pipeline);
  if (command.flags().json) {
    command.print_result("run", "finished", result_of(status, held));
  } else if (!command.flags().quiet) {
    print_held(held);
  }
  return ExitCode::ok;
}

}  // namespace

void add_run_command(CLI::App& app, Command& command, Action& action) {
  auto flags = std::make_shared<RunFlags>();
  CLI::App* verb = app.add_subcommand("run", "Run one pipeline in the foreground");
  verb->footer(
      "Example: sluice run pipelines/trade.yaml --state-dir /var/lib/sluice --until now --close");
  verb->add_option("file", flags->file, "pipeline file")->required();
  verb->add_option("--state-dir", flags->state_dir, "folder for checkpoints and spools")
      ->capture_default_str();
  verb->add_option("--namespace", flags->name_space, "first part of every id in the targets")
      ->check(is_name_flag())
      ->capture_default_str();
  CLI::Option* until = verb->add_option(
      "--until", flags->until, "now: stop, with a checkpoint, when everything has been read");
  until->check(CLI::IsMember({"now"}));
  verb->add_flag("--close", flags->close, "with --until: also close every window")->needs(until);
  verb->add_option("--parallelism", flags->parallelism, "slots; 0: as the file says")
      ->check(CLI::Range(0, 64))
      ->capture_default_str();
  verb->callback(
      [flags, &command, &action] { action = [flags, &command] { return run(*flags, command); }; });
}

}  // namespace sluice
