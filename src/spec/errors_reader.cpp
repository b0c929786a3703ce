#include <algorithm>

#include "spec/endpoint.hpp"
#include "spec/section_readers.hpp"

namespace sluice {

namespace {

const OptionTable& errors_table() {
  static const OptionTable table = {
      {"dead_letter", OptionKind::node, false, "", "where bad rows go"},
      {"dead_letter_rows",
       OptionKind::choice,
       false,
       "step",
       "what dead letters of late and failed rows hold: the step's row, or the source's whole one",
       {"step", "whole"}},
      {"stop_after", OptionKind::node, false, "",
       "how many bad rows stop the pipeline; none: any number goes to the dead letters"},
      {"on_error",
       OptionKind::choice,
       false,
       "",
       "what happens to bad rows where nothing else is stated and there are no dead letters",
       {"drop", "fail"}}};
  return table;
}

const OptionTable& stop_after_table() {
  static const OptionTable table = {
      {"count", OptionKind::integer, true, "", "dead letters", {}, 1},
      {"within", OptionKind::duration, true, "", "time in which they are counted", {}, 1'000'000}};
  return table;
}

// Letters are appended, each for itself, and some lack every field that could tell them apart.
void check_dead_letter_key(const Node& section, const EndpointSpec& target, SpecReader& reader) {
  const ConnectorOptions* connector = reader.catalogue().find_connector(target.connector);
  if (connector == nullptr || connector->sink == nullptr) return;
  const auto& options = connector->sink->specs();
  const auto key = std::find_if(options.begin(), options.end(),
                                [](const OptionSpec& option) { return option.name == "key"; });
  if (key == options.end()) return;
  const Node fields = section[connector->name];
  if (key->kind == OptionKind::text_template) {
    reader.diagnostics().error(ErrorCode::sink_mode_unsupported, fields,
                               connector->name +
                                   " keeps one row of each key: dead letters would "
                                   "overwrite each other",
                               "write them to a target that only appends");
  } else if (const Node given = fields["key"]) {
    reader.diagnostics().error(ErrorCode::unknown_field, given,
                               "\"key\" has no meaning for dead letters, which have none",
                               "remove it");
  }
}

void read_dead_letter(const Node& section, ErrorsSpec& spec, SpecReader& reader) {
  std::vector<OptionSpec> fields = connector_fields(reader.catalogue());
  fields.push_back({"format", OptionKind::node});
  reader.read(OptionTable(std::move(fields)), section, "dead_letter");
  if (!section.is_map()) return;
  spec.dead_letter = read_endpoint(section, EndpointRole::sink, "dead_letter", reader);
  check_dead_letter_key(section, *spec.dead_letter, reader);
  spec.dead_letter_format =
      read_format(section, *spec.dead_letter, EndpointRole::sink, "json", reader);
}

void read_dead_letter_rows(const Options& errors, ErrorsSpec& spec, SpecReader& reader) {
  spec.letters_hold_whole_rows = errors.text("dead_letter_rows") == "whole";
  if (errors.is_given("dead_letter")) return;
  reader.forget_default("errors.dead_letter_rows");
  if (!errors.is_given("dead_letter_rows")) return;
  reader.diagnostics().error(ErrorCode::conflicting_fields, errors.node("dead_letter_rows"),
                             "dead_letter_rows has no meaning without dead_letter",
                             "say where dead letters go, or remove it");
}

}  // namespace

ErrorsSpec read_errors(const Node& root, SpecReader& reader) {
  const Node section = SpecReader::subsection(root, "errors");
  const Options errors = reader.read(errors_table(), section, "errors");
  ErrorsSpec spec;
  if (const Node dead_letter = errors.node("dead_letter")) {
    read_dead_letter(dead_letter, spec, reader);
  }
  if (const Node stop_after = errors.node("stop_after")) {
    const Options limit = reader.read(stop_after_table(), stop_after, "stop_after");
    spec.stop_after_count = limit.integer("count");
    spec.stop_after_within_us = limit.duration_us("within");
  }
  read_dead_letter_rows(errors, spec, reader);
  std::optional<RowPolicy> default_policy;
  if (errors.has("on_error")) default_policy = row_policy(errors.text("on_error"));
  if (default_policy && errors.is_given("dead_letter")) {
    reader.diagnostics().error(ErrorCode::conflicting_fields, errors.node("on_error"),
                               "on_error has no meaning beside dead_letter");
  }
  if (errors.is_given("dead_letter")) {
    default_policy = RowPolicy::dead_letter;
    reader.forget_default("errors.on_error");
  }
  reader.set_dead_letters(errors.is_given("dead_letter"), default_policy);
  return spec;
}

}  // namespace sluice
