#include <unistd.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/command.hpp"
#include "cli/signals.hpp"
#include "daemon/daemon.hpp"
#include "daemon/file_problems.hpp"

namespace sluice {

namespace {

constexpr uint64_t largest_config_bytes = 1 << 20;

struct ServeFlags {
  std::string folder;
  std::string config;
  std::string state_dir;
  std::string name_space;
  std::string listen;
};

Result<SourceText> read_config(const std::string& path, const Environment& environment) {
  if (path.empty()) return SourceText("defaults", "");
  SLUICE_ASSIGN(std::string text, environment.filesystem->read_all(path, largest_config_bytes));
  return SourceText(path, std::move(text));
}

// The file's settings, with what the flags say instead. None when the file has problems, which are
// printed.
Result<std::optional<DaemonSettings>> read_settings(const ServeFlags& flags,
                                                    const Command& command) {
  auto file = read_config(flags.config, command.environment());
  if (!file) return fail(ErrorCode::file_unreadable, flags.config + ": " + file.error().message);
  Diagnostics diagnostics;
  DaemonSettings settings = read_daemon_settings(*file, diagnostics);
  if (isatty(STDERR_FILENO) == 0) {
    log_problems(diagnostics, *command.environment().log);
  } else if (!diagnostics.sorted().empty()) {
    command.print_diagnostics(diagnostics, {*file}, 0);
  }
  if (!command.passes(diagnostics)) {
    if (command.flags().json) command.print_failure("serve", error_json(diagnostics), nullptr);
    return std::optional<DaemonSettings>();
  }
  if (!flags.state_dir.empty()) settings.state_dir = flags.state_dir;
  if (!flags.name_space.empty()) settings.name_space = flags.name_space;
  if (!flags.listen.empty()) {
    SLUICE_ASSIGN(settings.listen, parse_listen_address(flags.listen));
  }
  return std::optional<DaemonSettings>(std::move(settings));
}

std::unique_ptr<Log> make_log(const DaemonSettings& settings, bool quiet) {
  const LogFormat by_terminal = isatty(STDERR_FILENO) != 0 ? LogFormat::text : LogFormat::json;
  return make_stderr_log(
      settings.log_format.value_or(by_terminal),
      quiet ? std::max(LogLevel::warning, settings.log_level) : settings.log_level);
}

// Under --strict a file with warnings has no pipeline.
PrepareResult prepare(const std::string& path, const Command& command, Diagnostics& diagnostics) {
  PrepareResult result = command.prepare_quietly(path, {true, 0, false}, diagnostics);
  if (!command.passes(diagnostics)) result.pipeline.reset();
  return result;
}

// The log is what a service's starter reads.
ExitCode refuse(const Error& error, Log& log, Command& command) {
  if (command.flags().json) return command.report("serve", error);
  log.error("the service does not start", error);
  return exit_code_of(error);
}

ExitCode serve(const ServeFlags& flags, Command& command) {
  const Result<std::optional<DaemonSettings>> settings = read_settings(flags, command);
  if (!settings) return refuse(settings.error(), *command.environment().log, command);
  if (!*settings) return ExitCode::configuration;
  const std::unique_ptr<Log> log = make_log(**settings, command.flags().quiet);
  Environment environment = command.environment();
  environment.log = log.get();
  Daemon daemon({flags.folder, **settings, SLUICE_VERSION,
                 [&command](const std::string& path, Diagnostics& diagnostics) {
                   return prepare(path, command, diagnostics);
                 }},
                environment);
  if (const Status loaded = daemon.load(); !loaded) return refuse(loaded.error(), *log, command);
  const Signals signals(
      {[&daemon] { daemon.request_stop(); }, [&daemon] { daemon.request_reload(); }},
      (*settings)->stop_timeout_us + stop_grace_us, environment);
  if (const Status started = daemon.start(); !started)
    return refuse(started.error(), *log, command);
  daemon.run();
  if (command.flags().json) command.print_result("serve", "stopped", nullptr);
  if (daemon.is_held()) end_now(static_cast<int>(ExitCode::ok));
  return ExitCode::ok;
}

}  // namespace

void add_serve_command(CLI::App& app, Command& command, Action& action) {
  auto flags = std::make_shared<ServeFlags>();
  CLI::App* verb = app.add_subcommand(
      "serve", "Run every pipeline of a folder until SIGTERM; SIGHUP takes up changed files");
  verb->footer("Example: sluice serve /etc/sluice/pipelines --config /etc/sluice/sluice.yaml");
  verb->add_option("folder", flags->folder, "folder of pipeline files (*.yaml)")->required();
  verb->add_option("--config", flags->config, "settings of the service: see config/sluice.yaml");
  verb->add_option("--state-dir", flags->state_dir, "folder for checkpoints and spools");
  verb->add_option("--namespace", flags->name_space, "first part of every id in the targets")
      ->check(is_name_flag());
  verb->add_option("--listen", flags->listen, "HTTP: 127.0.0.1:PORT (0: any) or unix:PATH");
  verb->callback([flags, &command, &action] {
    action = [flags, &command] { return serve(*flags, command); };
  });
}

}  // namespace sluice
