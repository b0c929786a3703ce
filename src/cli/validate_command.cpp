#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "daemon/fleet_plan.hpp"
#include "daemon/folder_files.hpp"
#include "pipeline/environment_check.hpp"
#include "pipeline/state_comparison.hpp"

namespace sluice {

namespace {

struct ValidateFlags {
  std::vector<std::string> files;
  bool env = false;
  bool explain = false;
  std::string state_dir;  // empty: saved state is not asked
  std::string name_space = "sluice";
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

nlohmann::json to_json(const StateComparison& comparison) {
  nlohmann::json effects = nlohmann::json::array();
  for (const PlanEffect& effect : comparison.effects) {
    effects.push_back({{"effect", effect_text(effect.kind)},
                       {"subject", subject_text(effect.subject)},
                       {"name", effect.name},
                       {"message", effect.message}});
  }
  nlohmann::json json = {{"folder", comparison.folder}, {"effects", std::move(effects)}};
  json["checkpoint"] = nullptr;
  if (comparison.checkpoint != Epoch()) json["checkpoint"] = comparison.checkpoint.value;
  return json;
}

// Messages of what is refused or warned of are among the problems.
void print_comparison(const StateComparison& comparison) {
  if (comparison.checkpoint == Epoch()) {
    std::printf("%s holds no checkpoint\n", comparison.folder.c_str());
    return;
  }
  std::printf("%s, checkpoint %llu:\n", comparison.folder.c_str(),
              static_cast<unsigned long long>(comparison.checkpoint.value));
  for (const PlanEffect& effect : comparison.effects) {
    std::printf("  %-13s %s %s\n", effect_text(effect.kind), subject_text(effect.subject),
                effect.name.c_str());
  }
}

// What --json tells of all files.
struct Results {
  nlohmann::json files = nlohmann::json::array();
  Diagnostics problems;
};

// The plan of a file, and what is said of it.
struct Checked {
  std::string file;
  std::vector<SourceText> texts;
  std::shared_ptr<const PreparedPipeline> pipeline;  // null when there are errors
  Diagnostics diagnostics;
  int64_t elapsed_us = 0;
};

PrepareResult prepare(const std::string& file, const ValidateFlags& flags, Command& command,
                      Diagnostics& diagnostics) {
  return command.prepare_quietly(file, {flags.env}, diagnostics);
}

ExitCode report_file(Checked& checked, const ValidateFlags& flags, Command& command,
                     Results& results) {
  const int64_t start_us = command.environment().clock->monotonic_us();
  const PreparedPipeline* pipeline = checked.pipeline.get();
  if (pipeline != nullptr && flags.env) {
    check_environment(pipeline->spec(), pipeline->graph, command.registry(), command.environment(),
                      checked.diagnostics);
  }
  std::optional<StateComparison> comparison;
  if (pipeline != nullptr && !flags.state_dir.empty()) {
    const std::string folder =
        flags.state_dir + "/" + flags.name_space + "." + pipeline->spec().name;
    comparison = compare_with_state(*pipeline, folder, *command.environment().filesystem,
                                    checked.diagnostics);
  }
  const ExitCode code = command.exit_code(checked.diagnostics);
  checked.elapsed_us += command.environment().clock->monotonic_us() - start_us;
  if (command.flags().json) {
    results.files.push_back({{"file", checked.file},
                             {"ok", code == ExitCode::ok},
                             {"diagnostics", to_json(checked.diagnostics)}});
    if (flags.explain && pipeline != nullptr)
      results.files.back()["defaults"] = defaults_json(pipeline->spec());
    if (comparison) results.files.back()["state"] = to_json(*comparison);
    for (Diagnostic& problem : checked.diagnostics.sorted())
      results.problems.add(std::move(problem));
    return code;
  }
  if (flags.explain && pipeline != nullptr) print_defaults(pipeline->spec());
  if (comparison && !command.flags().quiet) print_comparison(*comparison);
  if (!checked.diagnostics.sorted().empty() || !command.flags().quiet) {
    command.print_diagnostics(checked.diagnostics, checked.texts, checked.elapsed_us / 1000);
  }
  return code;
}

Checked check_file(const std::string& file, const ValidateFlags& flags, Command& command) {
  const int64_t start_us = command.environment().clock->monotonic_us();
  Checked checked;
  checked.file = file;
  PrepareResult prepared = prepare(file, flags, command, checked.diagnostics);
  checked.texts = std::move(prepared.files);
  checked.pipeline = std::move(prepared.pipeline);
  checked.elapsed_us = command.environment().clock->monotonic_us() - start_us;
  return checked;
}

// A problem of no line of a file.
Checked only_said(const std::string& path, Diagnostic problem) {
  Checked checked;
  checked.file = path;
  checked.texts.emplace_back(path, "");
  problem.location.file = path;
  checked.diagnostics.add(std::move(problem));
  return checked;
}

// Every pipeline of the folder, as `serve` would read it.
std::vector<Checked> check_folder(const std::string& path, const ValidateFlags& flags,
                                  Command& command) {
  auto folder = prepare_folder(
      path,
      [&](const std::string& file, Diagnostics& diagnostics) {
        return prepare(file, flags, command, diagnostics);
      },
      *command.environment().filesystem);
  std::vector<Checked> all;
  if (!folder) {
    all.push_back(
        only_said(path, {.code = folder.error().code, .message = folder.error().message}));
    return all;
  }
  for (const std::string& passed : folder->passed_over) {
    all.push_back(only_said(passed, {.code = ErrorCode::no_pipelines,
                                     .severity = Severity::warning,
                                     .message = passed_over_text(passed),
                                     .suggestion = "name it *.yaml"}));
  }
  if (folder->proposals.empty()) {
    all.push_back(only_said(path, {.code = ErrorCode::no_pipelines,
                                   .message = path + " holds no pipeline file (*.yaml)"}));
  }
  plan_fleet(folder->proposals, {}, [](const PipelineVersion&, Diagnostics&) {});
  for (Proposal& proposal : folder->proposals) {
    all.push_back({proposal.file, std::move(proposal.texts),
                   proposal.version ? proposal.version->prepared : nullptr,
                   std::move(proposal.diagnostics)});
  }
  return all;
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
  for (const std::string& path : flags.files) {
    std::vector<Checked> all;
    if (command.environment().filesystem->list(path)) {
      all = check_folder(path, flags, command);
    } else {
      all.push_back(check_file(path, flags, command));
    }
    for (Checked& checked : all) code = worse(code, report_file(checked, flags, command, results));
  }
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
  verb->add_option("files", flags->files, "pipeline files, or folders of them")->required();
  verb->add_flag("--env", flags->env, "also compare with the real topics, tables and servers");
  verb->add_flag("--explain", flags->explain, "print every default in force");
  verb->add_option(
      "--state-dir", flags->state_dir,
      "also compare with what is saved there: what is kept, begins empty or is refused");
  verb->add_option("--namespace", flags->name_space, "of the state folder")->check(is_name_flag());
  verb->callback([flags, &command, &action] {
    action = [flags, &command] { return validate(*flags, command); };
  });
}

}  // namespace sluice
