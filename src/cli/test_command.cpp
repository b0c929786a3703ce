#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "testing/test_runner.hpp"

namespace sluice {

namespace {

struct TestFlags {
  std::string file;
  std::string name_part;
  bool crash = false;
};

std::string place(const SourceLocation& location) {
  return location.file + ":" + std::to_string(location.line) + ":" +
         std::to_string(location.column);
}

void print_failure(const TestFailure& failure) {
  std::printf("  %s  %s%s%s\n", place(failure.location).c_str(), failure.relation.c_str(),
              failure.relation.empty() ? "" : ": ", failure.message.c_str());
  if (!failure.expected.empty()) std::printf("    expected %s\n", failure.expected.c_str());
  if (!failure.actual.empty()) std::printf("    actual   %s\n", failure.actual.c_str());
  for (const ColumnDifference& difference : failure.differences) {
    std::printf("    %s: expected %s, actual %s\n", difference.column.c_str(),
                difference.expected.c_str(), difference.actual.c_str());
  }
}

void print_outcome(const TestOutcome& outcome, bool is_quiet) {
  if (outcome.passed() && is_quiet) return;
  const std::string restarts =
      outcome.restarts == 0 ? "" : " (" + std::to_string(outcome.restarts) + " restarts)";
  std::printf("%s  %s  %s%s\n", outcome.passed() ? "pass" : "FAIL", place(outcome.location).c_str(),
              outcome.name.c_str(), restarts.c_str());
  for (const TestFailure& failure : outcome.failures) print_failure(failure);
}

nlohmann::json to_json(const TestOutcome& outcome) {
  nlohmann::json failures = nlohmann::json::array();
  for (const TestFailure& failure : outcome.failures) {
    nlohmann::json differences = nlohmann::json::array();
    for (const ColumnDifference& difference : failure.differences) {
      differences.push_back({{"column", difference.column},
                             {"expected", difference.expected},
                             {"actual", difference.actual}});
    }
    failures.push_back({{"file", failure.location.file},
                        {"line", failure.location.line},
                        {"column", failure.location.column},
                        {"relation", failure.relation},
                        {"message", failure.message},
                        {"expected", failure.expected},
                        {"actual", failure.actual},
                        {"differences", std::move(differences)}});
  }
  return {{"name", outcome.name},
          {"line", outcome.location.line},
          {"passed", outcome.passed()},
          {"restarts", outcome.restarts},
          {"failures", std::move(failures)}};
}

std::vector<TestOutcome> run_tests(const LoadedPipeline& loaded, const TestFlags& flags,
                                   Diagnostics& diagnostics) {
  const TestMode mode = flags.crash ? TestMode::crash_at_barriers : TestMode::plain;
  std::vector<TestOutcome> outcomes;
  for (const TestSpec& test : loaded.spec.tests) {
    if (test.name.find(flags.name_part) == std::string::npos) continue;
    Diagnostics of_test;
    outcomes.push_back(run_test(loaded, test, mode, of_test));
    for (const Diagnostic& problem : of_test.sorted()) {
      if (problem.severity == Severity::error) diagnostics.add(problem);
    }
  }
  return outcomes;
}

ExitCode finish(const std::vector<TestOutcome>& outcomes, const Command& command, bool is_json) {
  size_t failed = 0;
  nlohmann::json results = nlohmann::json::array();
  for (const TestOutcome& outcome : outcomes) {
    failed += outcome.passed() ? 0 : 1;
    if (is_json) results.push_back(to_json(outcome));
  }
  const std::string summary =
      std::to_string(outcomes.size() - failed) + " passed, " + std::to_string(failed) + " failed";
  if (is_json) {
    if (failed == 0) command.print_result("test", summary, results);
    if (failed > 0) command.print_failure("test", error_json(summary), results);
  } else {
    std::printf("%s\n", summary.c_str());
  }
  return failed == 0 ? ExitCode::ok : ExitCode::run_failed;
}

ExitCode test(const TestFlags& flags, Command& command) {
  const bool is_json = command.flags().json;
  Diagnostics diagnostics;
  const PrepareResult prepared = command.prepare_quietly(flags.file, {false}, diagnostics);
  std::vector<TestOutcome> outcomes;
  if (prepared.pipeline && command.passes(diagnostics))
    outcomes = run_tests(prepared.pipeline->loaded, flags, diagnostics);
  const bool is_good = prepared.pipeline && command.passes(diagnostics);
  if (!is_good && is_json) command.print_failure("test", error_json(diagnostics), nullptr);
  if (!is_good && !is_json) command.print_diagnostics(diagnostics, prepared.files, 0);
  if (!is_good) return ExitCode::configuration;
  if (outcomes.empty()) {
    return command.report(
        "test", {ErrorCode::unknown_reference, "no test of " + flags.file + " is to be run",
                 Retry::never, "write tests under `tests:`, or choose others with -k"});
  }
  if (!is_json) {
    for (const TestOutcome& outcome : outcomes) print_outcome(outcome, command.flags().quiet);
  }
  return finish(outcomes, command, is_json);
}

}  // namespace

void add_test_command(CLI::App& app, Command& command, Action& action) {
  auto flags = std::make_shared<TestFlags>();
  CLI::App* verb = app.add_subcommand(
      "test", "Run the tests of a pipeline file on a virtual clock; touches nothing outside");
  verb->footer("Example: sluice test pipelines/trade.yaml -k minute --crash");
  verb->add_option("file", flags->file, "pipeline file")->required();
  verb->add_option("-k", flags->name_part, "only tests whose name contains this");
  verb->add_flag("--crash", flags->crash, "also crash after every record and restore");
  verb->callback(
      [flags, &command, &action] { action = [flags, &command] { return test(*flags, command); }; });
}

}  // namespace sluice
