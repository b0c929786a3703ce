// Command: what the verbs of the command line share: the doors to the outside, the registry, how
// results and problems are printed, and the exit codes. Made by main, one thread.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostic.hpp"
#include "dataflow/connector.hpp"
#include "env/environment.hpp"
#include "pipeline/prepare.hpp"

namespace CLI {
class App;
class Validator;
}  // namespace CLI

namespace sluice {

enum class ExitCode : int {
  ok = 0,
  run_failed = 1,
  configuration = 2,
  environment = 3,
  forced_stop = 143
};

// Flags that every verb has.
struct CommonFlags {
  bool json = false;
  bool quiet = false;
  bool strict = false;  // warnings fail
};

// As in PrepareRequest.
struct PrepareFlags {
  bool resolve_values = true;
  uint32_t parallelism = 0;
  bool tests_must_be_right = true;
};

class Command {
 public:
  Command(const Environment& environment, const Registry& registry)
      : environment_(environment), registry_(registry) {}

  const Environment& environment() const { return environment_; }
  const Registry& registry() const { return registry_; }
  CommonFlags& flags() { return flags_; }
  const CommonFlags& flags() const { return flags_; }

  // Reads and plans a file for a verb; tells every problem. Null when there are errors (or warnings
  // under --strict): exit with configuration.
  std::unique_ptr<PreparedPipeline> prepare(const std::string& command, const std::string& path,
                                            const PrepareFlags& wanted);
  // The same, reporting into `diagnostics` without printing.
  PrepareResult prepare_quietly(const std::string& path, const PrepareFlags& wanted,
                                Diagnostics& diagnostics) const;
  // Diagnostics as text on standard error, with their lines and carets.
  void print_diagnostics(const Diagnostics& diagnostics, const std::vector<SourceText>& files,
                         int64_t elapsed_ms) const;
  bool passes(const Diagnostics& diagnostics) const;
  // ok for what passes; environment when all that fails it is outside of the file, at a server or a
  // disk; else configuration.
  ExitCode exit_code(const Diagnostics& diagnostics) const;

  // The one envelope of --json: {command, ok, summary, result, error}. `error` is null when all is
  // well, else what error_json gives.
  void print_result(const std::string& command, const std::string& summary,
                    const nlohmann::json& result) const;
  void print_failure(const std::string& command, const nlohmann::json& error,
                     const nlohmann::json& result) const;
  // An error that is no diagnostic. Returns the exit code of its domain.
  ExitCode report(const std::string& command, const Error& error) const;

 private:
  Environment environment_;
  const Registry& registry_;
  CommonFlags flags_;
};

nlohmann::json to_json(const Diagnostics& diagnostics);
// The envelope's `error`: of an Error, of a file's problems, of a verdict that has no code.
nlohmann::json error_json(const Error& error);
nlohmann::json error_json(const Diagnostics& diagnostics);
nlohmann::json error_json(const std::string& verdict);
ExitCode exit_code_of(const Error& error);

// Accepts what may be a name in a pipeline file.
CLI::Validator is_name_flag();

// Each verb adds its subcommand to the application and stores what to do in `action`.
using Action = std::function<ExitCode()>;
void add_run_command(CLI::App& app, Command& command, Action& action);
void add_serve_command(CLI::App& app, Command& command, Action& action);
void add_graph_command(CLI::App& app, Command& command, Action& action);
void add_validate_command(CLI::App& app, Command& command, Action& action);
void add_explain_command(CLI::App& app, Command& command, Action& action);
void add_list_command(CLI::App& app, Command& command, Action& action);
void add_test_command(CLI::App& app, Command& command, Action& action);

}  // namespace sluice
