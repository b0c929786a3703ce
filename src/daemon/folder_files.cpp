#include "daemon/folder_files.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "daemon/folder_conflicts.hpp"

namespace sluice {

namespace {

constexpr std::string_view extension = ".yaml";
constexpr std::string_view other_extension = ".yml";

std::string normal_path(const std::string& path) {
  return std::filesystem::path(path).lexically_normal().string();
}

std::string place_of(const Diagnostic& diagnostic) {
  const SourceLocation& location = diagnostic.location;
  if (location.line == 0) return location.file;
  return location.file + ":" + std::to_string(location.line) + ":" +
         std::to_string(location.column);
}

}  // namespace

Result<PipelineFolder> prepare_folder(
    const std::string& folder,
    const std::function<PrepareResult(const std::string&, Diagnostics&)>& prepare,
    Filesystem& filesystem) {
  SLUICE_ASSIGN(const std::vector<std::string> names, filesystem.list(folder));
  PipelineFolder result;
  std::set<std::string> included;
  for (const std::string& name : names) {
    const std::string path = normal_path(folder + "/" + name);
    if (name.ends_with(other_extension)) result.passed_over.push_back(path);
    if (!name.ends_with(extension)) continue;
    FolderFile& file = result.files.emplace_back();
    file.path = path;
    file.prepared = prepare(file.path, file.diagnostics);
    for (size_t i = 1; i < file.prepared.files.size(); ++i) {
      included.insert(normal_path(file.prepared.files[i].name()));
    }
  }
  std::erase_if(result.files, [&](const FolderFile& file) {
    return !file.prepared.pipeline && included.contains(file.path);
  });
  std::erase_if(result.passed_over,
                [&](const std::string& path) { return included.contains(path); });
  refuse_conflicts(result.files);
  return result;
}

std::string passed_over_text(const std::string& path) {
  return path + " is passed over: the pipelines of a folder are its *.yaml";
}

std::string name_of_file(const std::string& path) {
  return std::filesystem::path(path).stem().string();
}

FirstProblem first_problem(const Diagnostics& diagnostics) {
  const std::vector<Diagnostic> problems = diagnostics.sorted();
  if (problems.empty()) return {};
  const auto error = std::find_if(problems.begin(), problems.end(), [](const Diagnostic& problem) {
    return problem.severity == Severity::error;
  });
  const Diagnostic& first = error == problems.end() ? problems.front() : *error;
  const size_t count = error == problems.end() ? problems.size() : diagnostics.error_count();
  FirstProblem told{error_code_text(first.code), place_of(first), {}};
  told.text = told.place + " " + told.code + " " + first.message;
  if (count > 1) told.text += " (and " + std::to_string(count - 1) + " more)";
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
