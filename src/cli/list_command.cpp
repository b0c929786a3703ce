#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"

namespace sluice {

namespace {

struct Listed {
  std::string name;
  std::string help;
};

std::vector<Listed> list_errors() {
  std::vector<Listed> listed;
  for (const ErrorDescription& error : error_catalogue()) {
    listed.push_back({error_code_text(error.code), std::string(error.title)});
  }
  return listed;
}

std::string joined_names(const std::vector<Type>& types) {
  std::string names;
  for (const Type& type : types) {
    if (!names.empty()) names += ", ";
    names += type_name(type);
  }
  return names;
}

std::vector<Listed> list_functions(const FunctionRegistry& functions) {
  std::vector<Listed> listed;
  for (const Function* function : functions.all()) {
    const std::string arguments = joined_names(function->arguments);
    listed.push_back(
        {function->name + "(" + arguments + ") " + type_name(function->result), function->help});
  }
  for (const AggregateFunction& function : functions.aggregates().all()) {
    const std::string arguments =
        function.arguments.empty() ? "*" : joined_names(function.arguments);
    listed.push_back({function.name + "(" + arguments + ") " + type_name(function.result),
                      "aggregate: " + function.help});
  }
  std::sort(listed.begin(), listed.end(),
            [](const Listed& a, const Listed& b) { return a.name < b.name; });
  return listed;
}

std::vector<Listed> list_connectors(const Registry& registry, bool sources) {
  std::vector<Listed> listed;
  for (const Connector* connector : registry.connectors().all()) {
    const OptionTable* table = sources ? connector->source_options() : connector->sink_options();
    if (table == nullptr) continue;
    std::string options;
    for (const OptionSpec& option : table->specs())
      options += (options.empty() ? "" : ", ") + option.name;
    listed.push_back({connector->name(), options});
  }
  return listed;
}

ExitCode list(const std::string& what, Command& command) {
  std::vector<Listed> listed;
  if (what == "errors") listed = list_errors();
  if (what == "functions") listed = list_functions(command.registry().functions());
  if (what == "sources" || what == "sinks")
    listed = list_connectors(command.registry(), what == "sources");
  if (command.flags().json) {
    nlohmann::json result = nlohmann::json::array();
    for (const Listed& entry : listed)
      result.push_back({{"name", entry.name}, {"help", entry.help}});
    command.print_result("list", std::to_string(listed.size()) + " " + what, result);
    return ExitCode::ok;
  }
  for (const Listed& entry : listed)
    std::printf("%-40s %s\n", entry.name.c_str(), entry.help.c_str());
  return ExitCode::ok;
}

}  // namespace

void add_list_command(CLI::App& app, Command& command, Action& action) {
  auto what = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("list", "List sources, sinks, functions or errors");
  verb->footer("Example: sluice list functions");
  verb->add_option("what", *what, "sources, sinks, functions or errors")
      ->required()
      ->check(CLI::IsMember({"sources", "sinks", "functions", "errors"}));
  verb->callback(
      [what, &command, &action] { action = [what, &command] { return list(*what, command); }; });
}

}  // namespace sluice
