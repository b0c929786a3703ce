#include <algorithm>

#include "formats/envelope.hpp"
#include "spec/column_reader.hpp"
#include "spec/endpoint.hpp"
#include "spec/section_readers.hpp"

namespace sluice {

namespace {

const OptionTable& event_time_table() {
  static const OptionTable table = {
      {"column", OptionKind::text, true},
      {"out_of_order", OptionKind::duration, false, "0s",
       "how far a record may be behind the latest one of its partition"},
      {"idle_after", OptionKind::duration, false, "1m",
       "a partition silent for so long does not hold the others back"},
      {"max_ahead", OptionKind::duration, false, "1h",
       "a record further ahead of its own timestamp is bad"}};
  return table;
}

const OptionTable& changelog_table() {
  static const OptionTable table = {
      {"key", OptionKind::text_list, false, "", "columns that tell rows apart"},
      {"ops", OptionKind::node},
      {"duplicates",
       OptionKind::choice,
       false,
       "keep",
       "what happens to a record that comes twice",
       {"keep", "drop"}},
      {"version_by", OptionKind::text, false, "",
       "column that tells an older image from a newer one"},
      {"on_truncate",
       OptionKind::choice,
       false,
       "bad_record",
       "what happens when the table is emptied",
       {"bad_record", "ignore", "fail"}}};
  return table;
}

// Reports a name that is no column of the source.
void check_column(const SourceSpec& source, const std::string& name, const Node& place,
                  Diagnostics& diagnostics) {
  if (source.find_column(name) != nullptr) return;
  std::vector<std::string> known;
  for (const ColumnSpec& column : source.columns) known.push_back(column.name);
  diagnostics.error(ErrorCode::unknown_source_column, place,
                    "\"" + name + "\" is not a column of source " + source.name,
                    did_you_mean(name, known));
}

EventTimeSpec read_event_time(const Node& section, const SourceSpec& source, SpecReader& reader) {
  const Options options = reader.read(event_time_table(), section, "event_time");
  EventTimeSpec spec;
  spec.column = options.text("column");
  spec.out_of_order_us = options.duration_us("out_of_order");
  spec.idle_after_us = options.duration_us("idle_after");
  spec.max_ahead_us = options.duration_us("max_ahead");
  spec.location = section.key_location();
  if (spec.column.empty()) return spec;
  const Node place = section["column"];
  check_column(source, spec.column, place, reader.diagnostics());
  const ColumnSpec* column = source.find_column(spec.column);
  if (column != nullptr && !column->type.is_time()) {
    reader.diagnostics().error(ErrorCode::event_time_unsuitable, place,
                               "the event time \"" + spec.column + "\" is of type " +
                                   type_name(column->type) +
                                   "; it must be timestamp or timestamptz");
  }
  return spec;
}

void report_ops(const Node& ops, Diagnostics& diagnostics) {
  diagnostics.error(ErrorCode::invalid_value, ops, "\"ops\" must be all or [insert]");
}

// `all`, `[insert]`, or the three operations written out.
// What the records of a source's format are. Nothing is judged by a format that is not known.
enum class Records : uint8_t { unknown, inserts, changes };

ChangelogOps read_ops(const Node& section, Records records, SpecReader& reader) {
  const bool is_changelog_format = records == Records::changes;
  const ChangelogOps standard = is_changelog_format ? ChangelogOps::all : ChangelogOps::insert_only;
  const Node ops = section["ops"];
  if (!ops) {
    reader.note_default(section.path() + ".ops", is_changelog_format ? "all" : "[insert]",
                        "operations that are taken");
    return standard;
  }
  std::vector<std::string> names;
  if (ops.is_scalar()) names = {ops.text()};
  for (size_t i = 0; ops.is_list() && i < ops.size(); ++i) names.push_back(ops[i].text());
  std::sort(names.begin(), names.end());
  if (names == std::vector<std::string>{"insert"}) return ChangelogOps::insert_only;
  const bool is_all = names == std::vector<std::string>{"all"} ||
                      names == std::vector<std::string>{"delete", "insert", "update"};
  if (!is_all) {
    report_ops(ops, reader.diagnostics());
    return standard;
  }
  if (records == Records::inserts) {
    reader.diagnostics().error(ErrorCode::changelog_misfit, ops,
                               "the format carries inserts only; \"ops\" must be [insert]");
  }
  return ChangelogOps::all;
}

// An update replaces the row of its key: without one it would count as a further row.
void report_changes_without_key(const Node& place, Diagnostics& diagnostics) {
  diagnostics.error(
      ErrorCode::changelog_misfit, place,
      "ops: all, the format's default, needs a \"key\" that tells which row an update "
      "or delete is of",
      "give changelog: {key: [...]}, or take inserts only: changelog: {ops: [insert]}");
}

EmptiedTable emptied_table_policy(const std::string& text) {
  if (text == "fail") return EmptiedTable::fail;
  return text == "ignore" ? EmptiedTable::ignore : EmptiedTable::bad_record;
}

// Texts are compared character by character.
void check_version_type(const SourceSpec& source, const std::string& name, const Node& place,
                        Diagnostics& diagnostics) {
  const ColumnSpec* column = source.find_column(name);
  if (column == nullptr || !column->type.is_view()) return;
  diagnostics.warning(ErrorCode::changelog_misfit, place,
                      "\"version_by\" names \"" + name + "\" of type " + type_name(column->type) +
                          ": as text, version 10 is older than 9",
                      "declare the column as a number or a time");
}

ChangelogSpec read_changelog(const Node& section, const SourceSpec& source, Records records,
                             SpecReader& reader) {
  Diagnostics& diagnostics = reader.diagnostics();
  const Options options = reader.read(changelog_table(), section, "changelog");
  ChangelogSpec spec;
  spec.location = section.key_location();
  spec.key = options.list("key");
  spec.drop_duplicates = options.text("duplicates") == "drop";
  spec.version_by = options.text("version_by");
  spec.on_truncate = emptied_table_policy(options.text("on_truncate"));
  spec.ops = read_ops(section, records, reader);
  const Node key = section["key"];
  for (size_t i = 0; i < spec.key.size(); ++i) {
    check_column(source, spec.key[i], key.is_list() ? key[i] : key, diagnostics);
  }
  // A key that cannot be read is reported already.
  if (spec.key.empty() && (!key || key.is_list())) {
    if (spec.drop_duplicates) {
      diagnostics.error(ErrorCode::changelog_misfit, section,
                        "duplicates: drop needs a \"key\" that tells records apart");
    } else if (records == Records::changes && spec.ops == ChangelogOps::all) {
      report_changes_without_key(section, diagnostics);
    }
  }
  if (spec.version_by.empty()) return spec;
  check_column(source, spec.version_by, section["version_by"], diagnostics);
  check_version_type(source, spec.version_by, section["version_by"], diagnostics);
  if (!spec.drop_duplicates) {
    diagnostics.error(ErrorCode::changelog_misfit, section["version_by"],
                      "\"version_by\" has no meaning without duplicates: drop");
  }
  return spec;
}

// What stands in for the section when there is none.
void note_changelog(const NamedNode& source, Records records, SpecReader& reader) {
  const Node empty = SpecReader::subsection(source.value, "changelog");
  reader.read(changelog_table(), empty, "changelog");
  read_ops(empty, records, reader);
  if (records == Records::changes) report_changes_without_key(source.key, reader.diagnostics());
}

UnknownField read_unknown_field_policy(const Options& options, SpecReader& reader) {
  const std::string& text = options.text("on_unknown_field");
  if (text == "fail") return UnknownField::fail;
  if (text != "dead_letter") return UnknownField::ignore;
  if (!reader.has_dead_letters()) {
    reader.diagnostics().error(ErrorCode::policy_missing, options.node("on_unknown_field"),
                               "dead_letter needs errors.dead_letter, which is not configured");
  }
  return UnknownField::dead_letter;
}

void read_source_format(const Node& section, SourceSpec& spec, SpecReader& reader) {
  spec.format = read_format(section, spec.from, EndpointRole::source, "", reader);
  if (!spec.format) return;
  spec.on_error = reader.policy(spec.format->options, "on_error", section.path() + ".format");
}

// Whether a column's path in the envelope leads to where the format holds its rows.
bool is_in_rows(const ColumnSpec& column, const FormatOptions& format) {
  return std::any_of(format.row_paths.begin(), format.row_paths.end(),
                     [&](const std::vector<std::string>& rows) {
                       const auto begin = column.path.begin() + 1;
                       const auto left = static_cast<size_t>(column.path.end() - begin);
                       return left >= rows.size() && std::equal(rows.begin(), rows.end(), begin);
                     });
}

// Rows of formats without changes have nothing around them.
void check_envelope_columns(const Node& columns, const SourceSpec& spec,
                            const FormatOptions& format, Diagnostics& diagnostics) {
  for (const ColumnSpec& column : spec.columns) {
    const Node fields = columns[column.name];
    const Node envelope = fields.is_map() ? fields["envelope"] : Node();
    if (!envelope) continue;
    if (!format.is_changelog) {
      diagnostics.error(ErrorCode::changelog_misfit, envelope,
                        "the format has no envelope around its rows", "give a \"path\"");
    } else if (is_envelope_path(column.path) && is_in_rows(column, format)) {
      diagnostics.error(ErrorCode::invalid_value, envelope,
                        "column \"" + column.name + "\" is inside the rows of the envelope",
                        "give its \"path\" from the row");
    }
  }
}

const FormatOptions* format_of(const SourceSpec& spec, const SpecReader& reader) {
  return spec.format ? reader.catalogue().find_format(spec.format->type) : nullptr;
}

Records records_of(const FormatOptions* format) {
  if (format == nullptr) return Records::unknown;
  return format->is_changelog ? Records::changes : Records::inserts;
}

}  // namespace

SourceSpec read_source(const NamedNode& source, SpecReader& reader) {
  SourceSpec spec;
  spec.name = source.key.text();
  spec.location = source.key.location();
  const std::string what = "source " + spec.name;
  std::vector<OptionSpec> fields = connector_fields(reader.catalogue());
  for (const char* field : {"format", "changelog", "event_time"}) {
    fields.push_back({field, OptionKind::node});
  }
  fields.push_back({"columns", OptionKind::node, true});
  fields.push_back({"on_unknown_field",
                    OptionKind::choice,
                    false,
                    "ignore",
                    "fields of a document that no column reads",
                    {"ignore", "dead_letter", "fail"}});
  const Options options = reader.read(OptionTable(std::move(fields)), source.value, what);
  if (!source.value.is_map()) return spec;
  spec.from = read_endpoint(source.value, EndpointRole::source, what, reader);
  read_source_format(source.value, spec, reader);
  spec.on_unknown_field = read_unknown_field_policy(options, reader);
  spec.columns = read_source_columns(options.node("columns"), what, reader);
  if (const Node event_time = options.node("event_time")) {
    spec.event_time = read_event_time(event_time, spec, reader);
  } else {
    reader.note_default(source.value.path() + ".event_time", "none",
                        "its rows have no time: no window and no interval join over them");
  }
  const FormatOptions* format = format_of(spec, reader);
  const Records records = records_of(format);
  if (format != nullptr)
    check_envelope_columns(options.node("columns"), spec, *format, reader.diagnostics());
  if (const Node changelog = options.node("changelog")) {
    spec.changelog = read_changelog(changelog, spec, records, reader);
  } else {
    note_changelog(source, records, reader);
  }
  return spec;
}

}  // namespace sluice
