#include "cli/command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "config/document.hpp"

namespace sluice {

namespace {

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string count_text(size_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void print_envelope(const nlohmann::json& envelope) {
  std::printf("%s\n",
              envelope.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

const SourceText& file_of(const Diagnostic& diagnostic, const std::vector<SourceText>& files) {
  for (const SourceText& file : files) {
    if (file.name() == diagnostic.location.file) return file;
  }
  return files.front();
}

nlohmann::json to_json(const RecordPlace& place) {
  const auto known = [](bool is_known, const nlohmann::json& value) {
    return is_known ? value : nlohmann::json();
  };
  return {{"step", place.step},
          {"topic", known(!place.topic.empty(), place.topic)},
          {"partition", known(!place.topic.empty(), place.partition)},
          {"offset", known(place.offset >= 0, place.offset)},
          {"row", known(!place.row.empty(), place.row)}};
}

nlohmann::json to_json(const Diagnostic& diagnostic) {
  return {{"code", error_code_text(diagnostic.code)},
          {"severity", diagnostic.severity == Severity::error ? "error" : "warning"},
          {"file", diagnostic.location.file},
          {"line", diagnostic.location.line},
          {"column", diagnostic.location.column},
          {"end", diagnostic.location.column + diagnostic.location.length},
          {"path", diagnostic.path},
          {"message", diagnostic.message},
          {"suggestion", diagnostic.suggestion}};
}

std::string counts_text(const Diagnostics& diagnostics) {
  return count_text(diagnostics.error_count(), "error") + ", " +
         count_text(diagnostics.warning_count(), "warning");
}

nlohmann::json error_json(const nlohmann::json& code, const std::string& message) {
  return {{"code", code},
          {"message", message},
          {"advice", ""},
          {"place", nullptr},
          {"diagnostics", nlohmann::json::array()}};
}

}  // namespace

nlohmann::json to_json(const Diagnostics& diagnostics) {
  nlohmann::json list = nlohmann::json::array();
  for (const Diagnostic& diagnostic : diagnostics.sorted()) list.push_back(to_json(diagnostic));
  return list;
}

nlohmann::json error_json(const Error& error) {
  nlohmann::json json = error_json(error_code_text(error.code), error.message);
  json["advice"] = error.way_on();
  if (error.place) json["place"] = to_json(*error.place);
  return json;
}

// The code is the first error's; under --strict perhaps a warning's.
nlohmann::json error_json(const Diagnostics& diagnostics) {
  const std::vector<Diagnostic> sorted = diagnostics.sorted();
  const auto first = std::find_if(sorted.begin(), sorted.end(), [&](const Diagnostic& problem) {
    return problem.severity == Severity::error || !diagnostics.has_errors();
  });
  nlohmann::json json = error_json(nullptr, counts_text(diagnostics));
  if (first != sorted.end()) json["code"] = error_code_text(first->code);
  json["diagnostics"] = to_json(diagnostics);
  return json;
}

nlohmann::json error_json(const std::string& verdict) { return error_json(nullptr, verdict); }

CLI::Validator is_name_flag() {
  return {[](const std::string& text) {
            return is_name(text) ? std::string() : "\"" + text + "\" is no name: a-z, 0-9 and _";
          },
          "NAME"};
}

ExitCode exit_code_of(const Error& error) {
  switch (error.domain()) {
    case ErrorDomain::user:
      return ExitCode::configuration;
    case ErrorDomain::external:
      return ExitCode::environment;
    case ErrorDomain::bug:
      return ExitCode::run_failed;
  }
  return ExitCode::run_failed;
}

PrepareResult Command::prepare_quietly(const std::string& path, const PrepareFlags& wanted,
                                       Diagnostics& diagnostics) const {
  const PrepareRequest request{.registry = &registry_,
                               .filesystem = environment_.filesystem,
                               .variable = environment_variable,
                               .resolve_values = wanted.resolve_values,
                               .parallelism = wanted.parallelism,
                               .tests_must_be_right = wanted.tests_must_be_right};
  return prepare_pipeline(path, request, diagnostics);
}

std::unique_ptr<PreparedPipeline> Command::prepare(const std::string& command,
                                                   const std::string& path,
                                                   const PrepareFlags& wanted) {
  const int64_t start_us = environment_.clock->monotonic_us();
  Diagnostics diagnostics;
  PrepareResult result = prepare_quietly(path, wanted, diagnostics);
  const int64_t elapsed_ms = (environment_.clock->monotonic_us() - start_us) / 1000;
  const bool is_good = passes(diagnostics) && result.pipeline != nullptr;
  if (!is_good && flags_.json) {
    print_failure(command, error_json(diagnostics), nullptr);
  } else if (!diagnostics.sorted().empty()) {
    print_diagnostics(diagnostics, result.files, elapsed_ms);
  }
  return is_good ? std::move(result.pipeline) : nullptr;
}

bool Command::passes(const Diagnostics& diagnostics) const {
  return !diagnostics.has_errors() && !(flags_.strict && !diagnostics.sorted().empty());
}

ExitCode Command::exit_code(const Diagnostics& diagnostics) const {
  if (passes(diagnostics)) return ExitCode::ok;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    const bool fails = flags_.strict || diagnostic.severity == Severity::error;
    if (fails && describe(diagnostic.code).domain != ErrorDomain::external)
      return ExitCode::configuration;
  }
  return ExitCode::environment;
}

void Command::print_diagnostics(const Diagnostics& diagnostics,
                                const std::vector<SourceText>& files, int64_t elapsed_ms) const {
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    std::string text =
        files.empty() ? diagnostic.message : render(diagnostic, file_of(diagnostic, files));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    std::fprintf(stderr, "%s\n", text.c_str());
  }
  std::fprintf(stderr, "%s in %s (%lld ms)\n", counts_text(diagnostics).c_str(),
               count_text(std::max<size_t>(files.size(), 1), "file").c_str(),
               static_cast<long long>(elapsed_ms));
}

void Command::print_result(const std::string& command, const std::string& summary,
                           const nlohmann::json& result) const {
  print_envelope({{"command", command},
                  {"ok", true},
                  {"summary", summary},
                  {"result", result},
                  {"error", nullptr}});
}

void Command::print_failure(const std::string& command, const nlohmann::json& error,
                            const nlohmann::json& result) const {
  print_envelope({{"command", command},
                  {"ok", false},
                  {"summary", error.at("message")},
                  {"result", result},
                  {"error", error}});
}

ExitCode Command::report(const std::string& command, const Error& error) const {
  if (flags_.json) {
    print_failure(command, error_json(error), nullptr);
  } else {
    std::fprintf(stderr, "error %s\n", error.final_text().c_str());
  }
  return exit_code_of(error);
}

}  // namespace sluice
