#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/graph_text.hpp"

namespace sluice {

namespace {

struct GraphFlags {
  std::string file;
  bool dot = false;
  bool mermaid = false;
  uint32_t parallelism = 0;
};

ExitCode graph(const GraphFlags& flags, Command& command) {
  const std::unique_ptr<PreparedPipeline> prepared =
      command.prepare("graph", flags.file, {false, flags.parallelism});
  if (!prepared) return ExitCode::configuration;
  const ExecutionGraph tasks = make_execution_graph(
      prepared->graph, static_cast<uint32_t>(prepared->spec().settings.parallelism));
  if (command.flags().json) {
    command.print_result("graph", prepared->spec().name,
                         {{"plan", to_string(prepared->plan)},
                          {"tasks", tasks_as_text(prepared->graph, tasks)},
                          {"dot", tasks_as_dot(prepared->graph, tasks)},
                          {"mermaid", tasks_as_mermaid(prepared->graph, tasks)}});
  } else if (flags.dot) {
    std::fputs(tasks_as_dot(prepared->graph, tasks).c_str(), stdout);
  } else if (flags.mermaid) {
    std::fputs(tasks_as_mermaid(prepared->graph, tasks).c_str(), stdout);
  } else {
    std::printf("plan\n%s\n%s", to_string(prepared->plan).c_str(),
                tasks_as_text(prepared->graph, tasks).c_str());
  }
  return ExitCode::ok;
}

}  // namespace

void add_graph_command(CLI::App& app, Command& command, Action& action) {
  auto flags = std::make_shared<GraphFlags>();
  CLI::App* verb =
      app.add_subcommand("graph", "Show a pipeline's logical plan and its tasks; no network");
  verb->footer("Example: sluice graph pipelines/trade.yaml --mermaid");
  verb->add_option("file", flags->file, "pipeline file")->required();
  CLI::Option* dot = verb->add_flag("--dot", flags->dot, "tasks only, for Graphviz");
  verb->add_flag("--mermaid", flags->mermaid, "tasks only, for Mermaid")->excludes(dot);
  verb->add_option("--parallelism", flags->parallelism, "slots; 0: as the file says")
      ->check(CLI::Range(0, 64))
      ->capture_default_str();
  verb->callback([flags, &command, &action] {
    action = [flags, &command] { return graph(*flags, command); };
  });
}

}  // namespace sluice
