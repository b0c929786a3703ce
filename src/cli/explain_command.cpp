#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"

namespace sluice {

namespace {

ExitCode explain(const std::string& text, Command& command) {
  const std::optional<ErrorCode> code = parse_error_code(text);
  if (!code) {
    return command.report("explain",
                          {ErrorCode::invalid_value, "there is no error code \"" + text + "\"",
                           Retry::never, "`sluice list errors` prints them all"});
  }
  const ErrorDescription& description = describe(*code);
  if (command.flags().json) {
    command.print_result("explain", std::string(description.title),
                         {{"code", error_code_text(*code)},
                          {"name", description.name},
                          {"title", description.title},
                          {"advice", description.advice}});
    return ExitCode::ok;
  }
  std::printf("%s %s: %s\n\n%s\n", error_code_text(*code).c_str(),
              std::string(description.name).c_str(), std::string(description.title).c_str(),
              std::string(description.advice).c_str());
  return ExitCode::ok;
}

}  // namespace

void add_explain_command(CLI::App& app, Command& command, Action& action) {
  auto code = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("explain", "Say what an error code means and what to do");
  verb->footer("Example: sluice explain E2104");
  verb->add_option("code", *code, "error code")->required();
  verb->callback(
      [code, &command, &action] { action = [code, &command] { return explain(*code, command); }; });
}

}  // namespace sluice
