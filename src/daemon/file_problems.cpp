#include "daemon/file_problems.hpp"

#include <algorithm>

namespace sluice {

namespace {

std::string place_of(const Diagnostic& diagnostic) {
  const SourceLocation& location = diagnostic.location;
  if (location.line == 0) return location.file;
  return location.file + ":" + std::to_string(location.line) + ":" +
         std::to_string(location.column);
}

}  // namespace

FirstProblem first_problem(const Diagnostics& diagnostics) {
  const std::vector<Diagnostic> problems = diagnostics.sorted();
  if (problems.empty()) return {};
  const auto error = std::find_if(problems.begin(), problems.end(), [](const Diagnostic& problem) {
    return problem.severity == Severity::error;
  });
  const Diagnostic& first = error == problems.end() ? problems.front() : *error;
  const size_t count = error == problems.end() ? problems.size() : diagnostics.error_count();
  FirstProblem told{error_code_text(first.code), place_of(first), {}, first.suggestion};
  told.text = told.place + " " + told.code + " " + first.message;
  if (count > 1) told.text += " (and " + std::to_string(count - 1) + " more)";
  if (told.advice.empty()) told.advice = describe(first.code).advice;
  return told;
}

void log_problems(const Diagnostics& diagnostics, Log& log) {
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    const bool is_error = diagnostic.severity == Severity::error;
    std::vector<LogField> fields{{"code", error_code_text(diagnostic.code)},
                                 {"place", place_of(diagnostic)}};
    if (!diagnostic.suggestion.empty()) fields.emplace_back("advice", diagnostic.suggestion);
    log.write(is_error ? LogLevel::error : LogLevel::warning, diagnostic.message, fields);
  }
}

}  // namespace sluice
