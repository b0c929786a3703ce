// The one binary: command line and daemon. Builds the doors to the outside and the registry, and
// hands them to a verb.
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/checksum.hpp"
#include "base/closest_name.hpp"
#include "cli/command.hpp"
#include "cli/core_files.hpp"
#include "cli/signals.hpp"
#include "env/random.hpp"
#include "pipeline/registry.hpp"

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

Error usage_error(const std::string& verb, const CLI::App& app, const CLI::ParseError& error) {
  std::vector<std::string> known;
  for (const CLI::App* subcommand : app.get_subcommands({}))
    known.push_back(subcommand->get_name());
  const bool is_known = std::find(known.begin(), known.end(), verb) != known.end();
  if (is_known) {
    return {ErrorCode::command_line_invalid, error.what(), Retry::never,
            "`sluice " + verb + " --help` shows its use"};
  }
  const std::string list = "`sluice --help` lists the verbs";
  if (verb.empty())
    return {ErrorCode::command_line_invalid, "no verb is given", Retry::never, list};
  const std::string closest = did_you_mean(verb, known);
  return {ErrorCode::command_line_invalid, "there is no verb \"" + verb + "\"", Retry::never,
          closest.empty() ? list : closest};
}

// What was parsed when it failed is not known: --json counts wherever it stands.
ExitCode refuse_arguments(const std::vector<std::string>& arguments, const CLI::App& app,
                          const CLI::ParseError& error, Command& command) {
  const bool wants_json =
      std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  command.flags().json = command.flags().json || wants_json;
  const auto verb = std::find_if(arguments.begin(), arguments.end(),
                                 [](const std::string& word) { return !word.starts_with('-'); });
  const std::string name = verb == arguments.end() ? std::string() : *verb;
  return command.report(name, usage_error(name, app, error));
}

int run_main(int argc, char** argv) {
  seed_tables(Random::from_entropy().next());
  block_signals();
  if (!wants_core_files()) {
    if (const Status status = forbid_core_files(); !status) {
      std::fprintf(stderr, "error %s\n", status.error().final_text().c_str());
      return static_cast<int>(ExitCode::environment);
    }
  }
  SystemClock clock;
  const std::unique_ptr<Registry> registry = make_registry();
  Failpoints failpoints;
  registry->connectors().declare(failpoints);
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
    if (error.get_exit_code() == 0) return app.exit(error);
    return static_cast<int>(refuse_arguments({argv + 1, argv + argc}, app, error, command));
  }
  if (!app.got_subcommand("run") && !app.got_subcommand("serve")) unblock_signals();
  return static_cast<int>(action());
}

}  // namespace

}  // namespace sluice

int main(int argc, char** argv) { return sluice::run_main(argc, argv); }
