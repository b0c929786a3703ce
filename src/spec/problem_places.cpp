#include <charconv>

#include "spec/planning.hpp"

namespace sluice {

namespace {

// What a path of the planner leads to: a text of the file, or a field as a whole.
struct Place {
  const TextMap* text = nullptr;
  SourceLocation location;
};

// Cuts the part before the next dot off `path`.
std::string_view next_part(std::string_view& path) {
  const size_t dot = path.find('.');
  const std::string_view part = path.substr(0, dot);
  path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  return part;
}

Place place_in_source(const SourceSpec& source, std::string_view path) {
  if (path.starts_with("event_time") && source.event_time) {
    return {nullptr, source.event_time->location};
  }
  if (path.starts_with("changelog") && source.changelog) {
    return {nullptr, source.changelog->location};
  }
  constexpr std::string_view columns = "columns.";
  constexpr std::string_view expr = ".expr";
  if (!path.starts_with(columns)) return {nullptr, source.location};
  // The name itself may contain dots.
  path.remove_prefix(columns.size());
  if (path.ends_with(expr)) path.remove_suffix(expr.size());
  const ColumnSpec* column = source.find_column(path);
  if (column == nullptr) return {nullptr, source.location};
  return {column->expr ? &*column->expr : nullptr, column->location};
}

Place place_in_step(const StepSpec& step, std::string_view path) {
  const std::string_view field = next_part(path);
  if (field == "sql") return {&step.sql, step.location};
  if (field == "late" && step.late_location.line > 0) return {nullptr, step.late_location};
  if (field == "emit" && step.emit_location.line > 0) return {nullptr, step.emit_location};
  if (field != "check") return {nullptr, step.location};
  const std::string_view number = next_part(path);
  size_t index = 0;
  std::from_chars(number.data(), number.data() + number.size(), index);
  if (index >= step.checks.size()) return {nullptr, step.location};
  const CheckSpec& check = step.checks[index];
  return {path == "expr" ? &check.expr : nullptr, check.location};
}

Place place_in_sink(const SinkSpec& sink, std::string_view path) {
  if (path == "from") return {nullptr, sink.from_location};
  if (path == "mode") return {nullptr, sink.mode_location};
  if (path.ends_with(".key") && !sink.key.empty()) {
    return {nullptr, sink.to.options.location("key")};
  }
  return {nullptr, sink.location};
}

Place find_place(const PipelineSpec& spec, std::string_view path) {
  const std::string_view section = next_part(path);
  const std::string_view name = next_part(path);
  const SourceSpec* source = section == "sources" ? spec.find_source(name) : nullptr;
  if (source != nullptr) return place_in_source(*source, path);
  const StepSpec* step = section == "steps" ? spec.find_step(name) : nullptr;
  if (step != nullptr) return place_in_step(*step, path);
  const SinkSpec* sink = section == "sinks" ? spec.find_sink(name) : nullptr;
  if (sink != nullptr) return place_in_sink(*sink, path);
  const LookupSpec* lookup = section == "lookups" ? spec.find_lookup(name) : nullptr;
  return {nullptr, lookup != nullptr ? lookup->location : spec.location};
}

}  // namespace

void report_plan_problems(const PipelineSpec& spec, const std::vector<PlanProblem>& problems,
                          Diagnostics& diagnostics) {
  for (const PlanProblem& problem : problems) {
    const Place place = find_place(spec, problem.path);
    Diagnostic diagnostic;
    diagnostic.code = problem.code;
    diagnostic.severity = problem.is_warning ? Severity::warning : Severity::error;
    diagnostic.path = problem.path;
    diagnostic.message = problem.message;
    diagnostic.suggestion = problem.suggestion;
    const bool is_inside_text = place.text != nullptr && problem.length > 0;
    diagnostic.location = is_inside_text ? place.text->at_byte(problem.offset, problem.length)
                          : place.text != nullptr ? place.text->at_byte(0)
                                                  : place.location;
    diagnostics.add(std::move(diagnostic));
  }
}

}  // namespace sluice
