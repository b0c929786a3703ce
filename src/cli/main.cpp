// The one binary: command line and daemon. Builds the doors to the outside and the registry, and
// hands them to a verb.
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "cli/command.hpp"
#include "cli/core_files.hpp"
#include "cli/registry.hpp"
#include "cli/signals.hpp"

namespace sluice {

namespace {

void add_common_flags(CLI::App& app, CommonFlags& flags) {
  for (CLI::App* verb : app.get_subcommands({})) {
    verb->add_flag("--json", flags.json, "one JSON object as output");
    verb->add_flag("-q,--quiet", flags.quiet, "only problems");
    verb->add_flag("--strict", flags.strict, "warnings fail");
  }
}

void add_commands(CLI::App& app, Command& command, Action& action) {
  add_run_command(app, command, action);
  add_serve_command(app, command, action);
  add_graph_command(app, command, action);
  add_validate_command(app, command, action);
  add_explain_command(app, command, action);
  add_list_command(app, command, action);
  add_test_command(app, command, action);
}

// For a debugger, and for finding out why a process crashed, where no secret is at stake.
bool wants_core_files() {
  const char* wanted = std::getenv("SLUICE_CORE_FILES");
  return wanted != nullptr && std::string_view(wanted) == "1";
}

int run_main(int argc, char** argv) {
  block_stop_signals();
  if (!wants_core_files()) {
    if (const Status status = forbid_core_files(); !status) {
      std::fprintf(stderr, "error %s\n", status.error().to_string().c_str());
      return static_cast<int>(ExitCode::environment);
    }
  }
  SystemClock clock;
  Failpoints failpoints;
  const auto filesystem = make_posix_filesystem();
  const auto log = make_stderr_log(isatty(STDERR_FILENO) != 0 ? LogFormat::text : LogFormat::json,
                                   LogLevel::info);
  const Environment environment{&clock, filesystem.get(), &failpoints, log.get()};
  if (const char* armed = std::getenv("SLUICE_FAILPOINTS")) {
    if (const Status status = failpoints.arm(armed); !status) {
      std::fprintf(stderr, "error SLUICE_FAILPOINTS: %s\n", status.error().to_string().c_str());
      return static_cast<int>(ExitCode::configuration);
    }
  }
  const std::unique_ptr<Registry> registry = make_registry();
  Command command(environment, *registry);
  Action action;
  CLI::App app{"Sluice: a stream processor for real-time data warehouses"};
  app.set_version_flag("--version", std::string("sluice ") + SLUICE_VERSION);
  app.require_subcommand(1);
  add_commands(app, command, action);
  add_common_flags(app, command.flags());
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : static_cast<int>(ExitCode::configuration);
  }
  return static_cast<int>(action());
}

}  // namespace

}  // namespace sluice

int main(int argc, char** argv) { return sluice::run_main(argc, argv); }
