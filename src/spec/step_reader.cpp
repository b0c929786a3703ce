#include <set>

#include "spec/section_readers.hpp"

namespace sluice {

namespace {

const OptionTable& step_table() {
  static const OptionTable table = {
      {"layer", OptionKind::choice, false, "", "for readers only", {"ods", "dwd", "dws", "ads"}},
      {"sql", OptionKind::text, true},
      {"check", OptionKind::node, false, "", "conditions that each row must meet"},
      {"late", OptionKind::node},
      {"emit", OptionKind::node},
      {"state", OptionKind::node},
      {"on_error", OptionKind::choice, false, "", "", row_policy_names()},
      {"was", OptionKind::name, false, "", "the step's former name, whose state it takes over"}};
  return table;
}

const OptionTable& check_table() {
  static const OptionTable table = {
      {"name", OptionKind::name, true},
      {"expr", OptionKind::text, true},
      {"on_fail", OptionKind::choice, false, "", "", row_policy_names()}};
  return table;
}

const OptionTable& late_table() {
  static const OptionTable table = {
      {"accept", OptionKind::duration, false, "0s", "how long a closed window takes late rows"},
      {"then", OptionKind::choice, false, "", "", row_policy_names()}};
  return table;
}

const OptionTable& emit_table() {
  static const OptionTable table = {{"at", OptionKind::choice, false, "", "", {"window_end"}},
                                    {"every", OptionKind::duration, false, "", "", {}, 10'000}};
  return table;
}

const OptionTable& state_table() {
  static const OptionTable table = {{"ttl", OptionKind::duration, true, "", "", {}, 1'000'000}};
  return table;
}

std::vector<CheckSpec> read_checks(const Node& section, SpecReader& reader) {
  std::vector<CheckSpec> checks;
  if (!section.is_list()) {
    reader.diagnostics().error(ErrorCode::invalid_value, section,
                               "\"check\" must be a list of {name, expr, on_fail}");
    return checks;
  }
  std::set<std::string> names;
  for (size_t i = 0; i < section.size(); ++i) {
    const Node item = section[i];
    const Options options = reader.read(check_table(), item, "check");
    if (!item.is_map()) continue;
    CheckSpec check;
    check.name = options.text("name");
    check.location = item.location();
    check.on_fail = reader.policy(options, "on_fail", item.path());
    if (const Node expr = options.node("expr")) check.expr = reader.text(expr, "expr");
    if (!check.name.empty() && !names.insert(check.name).second) {
      reader.diagnostics().error(ErrorCode::duplicate_name, options.node("name"),
                                 "two checks of this step are called \"" + check.name + "\"");
    }
    checks.push_back(std::move(check));
  }
  return checks;
}

void read_emit(const Node& section, StepSpec& spec, SpecReader& reader) {
  const Options options = reader.read(emit_table(), section, "emit");
  // They exclude each other.
  for (const char* field : {".at", ".every"}) reader.forget_default(section.path() + field);
  spec.emit_location = section.key_location();
  if (!section.is_map()) return;
  const bool has_at = section["at"].operator bool();
  const bool has_every = section["every"].operator bool();
  if (has_at == has_every) {
    reader.diagnostics().error(has_at ? ErrorCode::conflicting_fields : ErrorCode::missing_field,
                               section, "\"emit\" must be {at: window_end} or {every: DURATION}");
    return;
  }
  spec.emit = has_at ? EmitAt::window_end : EmitAt::every;
  spec.emit_every_us = options.duration_us("every");
}

void read_late(const Node& step, StepSpec& spec, SpecReader& reader) {
  const Node section = SpecReader::subsection(step, "late");
  const Options late = reader.read(late_table(), section, "late");
  spec.late_accept_us = late.duration_us("accept");
  spec.late_then = reader.policy(late, "then", section.path());
  spec.late_location = section.key_location();
}

void read_state(const Node& step, const Node& section, StepSpec& spec, SpecReader& reader) {
  if (section) {
    const Options state = reader.read(state_table(), section, "state");
    if (state.has("ttl")) spec.state_ttl_us = state.duration_us("ttl");
    return;
  }
  const std::string path = step.path() + ".state";
  reader.forget_default(path);
  reader.note_default(path + ".ttl", reader.state_ttl(), "as settings.state.ttl");
}

}  // namespace

StepSpec read_step(const NamedNode& step, SpecReader& reader) {
  StepSpec spec;
  spec.name = step.key.text();
  spec.location = step.key.location();
  const Options options = reader.read(step_table(), step.value, "step " + spec.name);
  if (!step.value.is_map()) return spec;
  spec.layer = options.text("layer");
  spec.was = options.text("was");
  if (const Node sql = options.node("sql")) spec.sql = reader.text(sql, "sql");
  if (const Node check = options.node("check")) spec.checks = read_checks(check, reader);
  if (const Node emit = options.node("emit")) {
    read_emit(emit, spec, reader);
  } else {
    reader.note_default(step.value.path() + ".emit", "{at: window_end}",
                        "a window is sent when it ends; what has none, with each checkpoint");
  }
  read_late(step.value, spec, reader);
  read_state(step.value, options.node("state"), spec, reader);
  spec.on_error = reader.policy(options, "on_error", step.value.path());
  return spec;
}

}  // namespace sluice
