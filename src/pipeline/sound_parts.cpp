#include "pipeline/sound_parts.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "pipeline/requests.hpp"

namespace sluice {

namespace {

using Names = std::set<std::string, std::less<>>;

// Errors that leave what they are about as it is meant: the SQL over it is judged all the same.
bool leaves_meaning(const Diagnostic& problem) {
  switch (problem.code) {
    case ErrorCode::interpolation_misplaced:
      return !problem.path.starts_with("steps.");  // it would be judged as SQL
    case ErrorCode::unknown_field:
    case ErrorCode::policy_missing:
    case ErrorCode::interpolation_failed:
    case ErrorCode::sink_mode_unsupported:
    case ErrorCode::sink_key_missing:
    case ErrorCode::delivery_unsupported:
    case ErrorCode::template_invalid:
      return true;
    default:
      return false;
  }
}

// Errors of the file itself come before there are sections.
bool concerns_whole_file(const Diagnostic& problem) {
  return problem.code <= ErrorCode::include_failed || problem.path.starts_with("settings");
}

// ods_order of sources.ods_order.columns.id; empty of other sections.
std::string_view name_in(std::string_view section, std::string_view path) {
  if (!path.starts_with(section)) return {};
  const std::string_view rest = path.substr(section.size());
  return rest.substr(0, rest.find('.'));
}

std::string_view relation_of(std::string_view path) {
  for (const std::string_view section : {"sources.", "lookups.", "steps."}) {
    if (const std::string_view name = name_in(section, path); !name.empty()) return name;
  }
  return {};
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool mentions(std::string_view sql, std::string_view name) {
  for (size_t at = sql.find(name); at != std::string_view::npos; at = sql.find(name, at + 1)) {
    const size_t end = at + name.size();
    const bool starts = at == 0 || !is_name_character(sql[at - 1]);
    if (starts && (end == sql.size() || !is_name_character(sql[end]))) return true;
  }
  return false;
}

template <class Part>
void remove_named(std::vector<Part>& parts, const Names& names) {
  std::erase_if(parts, [&](const Part& part) { return names.contains(part.name); });
}

// Sinks whose own section is right, over relations that are.
void keep_sound_sinks(const Diagnostics& diagnostics, PipelineSpec& sound) {
  Names unsound;
  bool has_sound_errors_section = true;
  for (const Diagnostic& problem : diagnostics.sorted()) {
    if (problem.severity != Severity::error) continue;
    if (const std::string_view name = name_in("sinks.", problem.path); !name.empty()) {
      unsound.emplace(name);
    }
    if (problem.path.starts_with("errors")) has_sound_errors_section = false;
  }
  std::erase_if(sound.sinks, [&](const SinkSpec& sink) {
    const bool has_input = sound.find_source(sink.from) || sound.find_step(sink.from);
    return unsound.contains(sink.name) || !has_input || !has_connection(sound, sink.to);
  });
  std::optional<EndpointSpec>& dead_letter = sound.errors.dead_letter;
  if (dead_letter && !(has_sound_errors_section && has_connection(sound, *dead_letter)))
    dead_letter.reset();
}

// Steps that read what is not sound are not sound either.
void add_readers(const std::vector<StepSpec>& steps, Names& unsound) {
  bool has_grown = true;
  while (has_grown) {
    has_grown = false;
    for (const StepSpec& step : steps) {
      if (unsound.contains(step.name)) continue;
      const bool reads_unsound =
          std::any_of(unsound.begin(), unsound.end(),
                      [&](const std::string& name) { return mentions(step.sql.text(), name); });
      if (!reads_unsound) continue;
      unsound.insert(step.name);
      has_grown = true;
    }
  }
}

}  // namespace

std::optional<PipelineSpec> sound_parts(const PipelineSpec& spec, const Diagnostics& diagnostics) {
  Names unsound;
  for (const Diagnostic& problem : diagnostics.sorted()) {
    if (problem.severity != Severity::error || leaves_meaning(problem)) continue;
    if (concerns_whole_file(problem)) return std::nullopt;
    if (const std::string_view name = relation_of(problem.path); !name.empty()) {
      unsound.emplace(name);
    }
  }
  add_readers(spec.steps, unsound);
  PipelineSpec sound = spec;
  remove_named(sound.sources, unsound);
  remove_named(sound.lookups, unsound);
  remove_named(sound.steps, unsound);
  keep_sound_sinks(diagnostics, sound);
  return sound;
}

}  // namespace sluice
