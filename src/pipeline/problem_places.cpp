#include "pipeline/problem_places.hpp"

#include <charconv>

namespace sluice {

namespace {

// "steps.x.check.0.expr" → steps, x, check, 0, expr
std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const size_t dot = path.find('.');
    parts.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    path.remove_prefix(dot + 1);
  }
}

// A field of the file: its place as a whole, and its text when it holds SQL.
struct Place {
  SourceLocation location;
  const TextMap* text = nullptr;
};

Place step_place(const StepSpec& step, const std::vector<std::string>& path) {
  const std::string field = path.size() > 2 ? path[2] : "";
  if (field == "sql") return {step.sql.at_byte(0), &step.sql};
  if (field == "late") return {step.late_location, nullptr};
  if (field == "emit") return {step.emit_location, nullptr};
  if (field == "check" && path.size() > 3) {
    size_t index = 0;
    std::from_chars(path[3].data(), path[3].data() + path[3].size(), index);
    if (index < step.checks.size())
      return {step.checks[index].expr.at_byte(0), &step.checks[index].expr};
  }
  return {step.location, nullptr};
}

Place source_place(const SourceSpec& source, const std::vector<std::string>& path) {
  const std::string field = path.size() > 2 ? path[2] : "";
  if (field == "event_time" && source.event_time) return {source.event_time->location, nullptr};
  if (field == "changelog" && source.changelog) return {source.changelog->location, nullptr};
  const ColumnSpec* column =
      field == "columns" && path.size() > 3 ? source.find_column(path[3]) : nullptr;
  if (column == nullptr) return {source.location, nullptr};
  return {column->location, column->expr ? &*column->expr : nullptr};
}

Place sink_place(const SinkSpec& sink, const std::vector<std::string>& path) {
  const std::string field = path.size() > 2 ? path[2] : "";
  if (field == "from") return {sink.from_location, nullptr};
  if (field == "mode") return {sink.mode_location, nullptr};
  if (path.size() > 3 && field == sink.to.connector)
    return {sink.to.options.location(path[3]), nullptr};
  return {sink.location, nullptr};
}

Place find_place(const std::vector<std::string>& path, const PipelineSpec& spec) {
  const std::string name = path.size() > 1 ? path[1] : "";
  if (path[0] == "steps") {
    if (const StepSpec* step = spec.find_step(name)) return step_place(*step, path);
  } else if (path[0] == "sources") {
    if (const SourceSpec* source = spec.find_source(name)) return source_place(*source, path);
  } else if (path[0] == "sinks") {
    if (const SinkSpec* sink = spec.find_sink(name)) return sink_place(*sink, path);
  } else if (path[0] == "lookups") {
    if (const LookupSpec* lookup = spec.find_lookup(name)) return {lookup->location, nullptr};
  }
  return {spec.location, nullptr};
}

const EndpointSpec* find_end(const std::vector<std::string>& path, const PipelineSpec& spec) {
  const std::string name = path.size() > 1 ? path[1] : "";
  if (path[0] == "errors") return spec.errors.dead_letter ? &*spec.errors.dead_letter : nullptr;
  if (path[0] == "sources") {
    if (const SourceSpec* source = spec.find_source(name)) return &source->from;
  } else if (path[0] == "lookups") {
    if (const LookupSpec* lookup = spec.find_lookup(name)) return &lookup->from;
  } else if (path[0] == "sinks") {
    if (const SinkSpec* sink = spec.find_sink(name)) return &sink->to;
  }
  return nullptr;
}

}  // namespace

Diagnostic place_problem(const Error& error, const std::string& path,
                         const EndpointSpec& endpoint) {
  Diagnostic diagnostic;
  diagnostic.code = error.code;
  diagnostic.location = endpoint.location;
  diagnostic.path = path + "." + endpoint.connector;
  diagnostic.message = error.message;
  diagnostic.suggestion = error.advice;
  if (error.option.empty()) return diagnostic;
  diagnostic.path += "." + error.option;
  if (endpoint.options.is_given(error.option))
    diagnostic.location = endpoint.options.location(error.option);
  return diagnostic;
}

Diagnostic place_problem(const CompileProblem& problem, const PipelineSpec& spec) {
  const std::vector<std::string> path = split_path(problem.path);
  if (const EndpointSpec* end = find_end(path, spec))
    return place_problem(problem.error, problem.path, *end);
  Diagnostic diagnostic;
  diagnostic.code = problem.error.code;
  diagnostic.location = find_place(path, spec).location;
  diagnostic.path = problem.path;
  diagnostic.message = problem.error.message;
  diagnostic.suggestion = problem.error.advice;
  return diagnostic;
}

Diagnostic place_problem(const PlanProblem& problem, const PipelineSpec& spec) {
  const Place place = find_place(split_path(problem.path), spec);
  Diagnostic diagnostic;
  diagnostic.code = problem.code;
  diagnostic.severity = problem.is_warning ? Severity::warning : Severity::error;
  const bool has_text = place.text != nullptr && problem.length > 0;
  diagnostic.location =
      has_text ? place.text->at_character(problem.offset, problem.length) : place.location;
  diagnostic.path = problem.path;
  diagnostic.message = problem.message;
  diagnostic.suggestion = problem.suggestion;
  return diagnostic;
}

}  // namespace sluice
