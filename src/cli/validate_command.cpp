#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "pipeline/environment_check.hpp"

namespace sluice {

namespace {

struct ValidateFlags {
  std::vector<std::string> files;
  bool env = false;
  bool explain = false;
};

void print_defaults(const PipelineSpec& spec) {
  for (const DefaultInForce& entry : spec.defaults) {
    std::printf("%s = %s%s%s\n", entry.path.c_str(), entry.value.c_str(),
                entry.why.empty() ? "" : "   # ", entry.why.c_str());
  }
}

nlohmann::json defaults_json(const PipelineSpec& spec) {
  nlohmann::json list = nlohmann::json::array();
  for (const DefaultInForce& entry : spec.defaults) {
    list.push_back({{"path", entry.path}, {"value", entry.value}, {"why", entry.why}});
  }
  return list;
}

// What --json tells of all files.
struct Results {
  nlohmann::json files = nlohmann::json::array();
  Diagnostics problems;
};

ExitCode validate_file(const std::string& file, const ValidateFlags& flags, Command& command,
                       Results& results) {
  const int64_t start_us = command.environment().clock->monotonic_us();
  Diagnostics diagnostics;
  PrepareResult prepared = command.prepare_quietly(file, {flags.env}, diagnostics);
  if (prepared.pipeline && flags.env) {
    check_environment(prepared.pipeline->spec(), prepared.pipeline->graph, command.registry(),
                      command.environment(), diagnostics);
  }
  const ExitCode code = command.exit_code(diagnostics);
  const int64_t elapsed_ms = (command.environment().clock->monotonic_us() - start_us) / 1000;
  if (command.flags().json) {
    results.files.push_back(
        {{"file", file}, {"ok", code == ExitCode::ok}, {"diagnostics", to_json(diagnostics)}});
    if (flags.explain && prepared.pipeline)
      results.files.back()["defaults"] = defaults_json(prepared.pipeline->spec());
    for (Diagnostic& problem : diagnostics.sorted()) results.problems.add(std::move(problem));
    return code;
  }
  if (flags.explain && prepared.pipeline) print_defaults(prepared.pipeline->spec());
  if (!diagnostics.sorted().empty() || !command.flags().quiet) {
    command.print_diagnostics(diagnostics, prepared.files, elapsed_ms);
  }
  return code;
}

// A wrong file weighs more than an environment that does not suit another one.
ExitCode worse(ExitCode a, ExitCode b) {
  if (a == ExitCode::ok) return b;
  if (b == ExitCode::ok) return a;
  return a == b ? a : ExitCode::configuration;
}

ExitCode validate(const ValidateFlags& flags, Command& command) {
  Results results;
  ExitCode code = ExitCode::ok;
  for (const std::string& file : flags.files)
    code = worse(code, validate_file(file, flags, command, results));
  if (!command.flags().json) return code;
  if (code == ExitCode::ok) {
    command.print_result("validate", "valid", results.files);
  } else {
    command.print_failure("validate", error_json(results.problems), results.files);
  }
  return code;
}

}  // namespace

void add_validate_command(CLI::App& app, Command& command, Action& action) {
  auto flags = std::make_shared<ValidateFlags>();
  CLI::App* verb =
      app.add_subcommand("validate", "Check pipeline files; every problem in one run, no network");
  verb->footer("Example: sluice validate pipelines/trade.yaml --env");
  verb->add_option("files", flags->files, "pipeline files")->required();
  verb->add_flag("--env", flags->env, "also compare with the real topics, tables and servers");
  verb->add_flag("--explain", flags->explain, "print every default in force");
  verb->callback([flags, &command, &action] {
    action = [flags, &command] { return validate(*flags, command); };
  });
}

}  // namespace sluice
