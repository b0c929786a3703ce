#include "support/plan_case.hpp"

#include <map>
#include <sstream>

#include "config/option_spec.hpp"
#include "formats/envelope.hpp"
#include "plan/rewrite.hpp"

namespace sluice {

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    const size_t begin = part.find_first_not_of(' ');
    if (begin != std::string::npos) parts.push_back(part.substr(begin));
  }
  return parts;
}

// One declaration: "kind name a=1 flag: rest".
struct Line {
  std::string kind;
  std::string name;
  std::map<std::string, std::string> options;
  std::vector<std::string> columns;

  bool has(const std::string& option) const { return options.contains(option); }
  std::string text(const std::string& option) const {
    const auto found = options.find(option);
    return found == options.end() ? "" : found->second;
  }
  int64_t duration_us(const std::string& option) const {
    return has(option) ? parse_duration_us(text(option)).value() : 0;
  }
  std::vector<std::string> list(const std::string& option) const {
    return split(text(option), ',');
  }
};

Line read_line(const std::string& text) {
  Line line;
  const size_t colon = text.find(": ");
  if (colon != std::string::npos) {
    for (const std::string& column : split(text.substr(colon + 2), ';')) {
      line.columns.push_back(column);
    }
  }
  const auto words = split(text.substr(0, colon), ' ');
  line.kind = words.at(0);
  line.name = words.at(1);
  for (size_t i = 2; i < words.size(); ++i) {
    const size_t equal = words[i].find('=');
    line.options[words[i].substr(0, equal)] =
        equal == std::string::npos ? "" : words[i].substr(equal + 1);
  }
  return line;
}

Field read_field(const std::string& text) {
  const size_t space = text.find(' ');
  return {text.substr(0, space), parse_type(text.substr(space + 1)).value()};
}

SourceColumn read_column(const std::string& text) {
  SourceColumn column;
  std::string declaration = text;
  if (const size_t equal = text.find(" := "); equal != std::string::npos) {
    column.expression = text.substr(equal + 4);
    declaration = text.substr(0, equal);
  }
  if (declaration.ends_with(" required")) {
    column.column.required = true;
    declaration.resize(declaration.size() - 9);
  }
  if (declaration.ends_with(" unit ms")) {
    column.column.unit = TimeUnit::milliseconds;
    declaration.resize(declaration.size() - 8);
  }
  std::vector<std::string> path;
  if (const size_t from = declaration.find(" from "); from != std::string::npos) {
    const std::string keys = declaration.substr(from + 6);
    path = split(keys, '.');
    if (keys.starts_with('.')) path.insert(path.begin(), std::string(envelope_root));
    declaration.resize(from);
  }
  const Field field = read_field(declaration);
  column.column.name = field.name;
  column.column.type = field.type;
  if (path.empty()) path = {field.name};
  if (column.expression.empty()) column.column.path = std::move(path);
  return column;
}

SourceSettings read_source(const Line& line) {
  SourceSettings source;
  source.name = line.name;
  source.format = line.text("format");
  source.scan_identity = line.has("topic") ? line.text("topic") : line.name;
  for (const std::string& column : line.columns) source.columns.push_back(read_column(column));
  if (line.has("event_time")) {
    source.event_time = EventTimeSettings{line.text("event_time"), line.duration_us("out_of_order"),
                                          line.duration_us("idle_after")};
  }
  if (line.has("changes")) {
    const auto ops =
        line.text("changes") == "insert" ? ChangelogOps::insert_only : ChangelogOps::all;
    source.format_is_changelog = true;
    source.changelog =
        ChangelogSettings{line.list("key"), ops, line.has("dedup"), line.text("version")};
  }
  source.ttl_us = line.duration_us("ttl");
  return source;
}

LookupSettings read_lookup(const Line& line) {
  std::vector<Field> keys;
  for (const std::string& key : line.list("key")) keys.push_back({key, Type{TypeKind::text}});
  std::vector<Field> columns;
  for (const std::string& column : line.columns) columns.push_back(read_field(column));
  return {line.name, Schema(std::move(keys)), std::make_shared<Schema>(std::move(columns))};
}

StepSettings read_step(const Line& line) {
  StepSettings step;
  step.name = line.name;
  step.late_accept_us = line.duration_us("late");
  step.emit_every_us = line.duration_us("every");
  step.ttl_us = line.duration_us("ttl");
  return step;
}

SinkSettings read_sink(const Line& line) {
  SinkSettings sink;
  sink.name = line.name;
  sink.from = line.text("from");
  const std::string mode = line.text("mode");
  sink.mode = mode == "upsert"      ? SinkMode::upsert
              : mode == "changelog" ? SinkMode::changelog
                                    : SinkMode::append;
  sink.key = line.list("key");
  sink.key_path = "sinks." + line.name + ".key";
  return sink;
}

}  // namespace

PlanRequest read_plan_case(const std::string& text, const FunctionRegistry& functions) {
  static const RewriteRegistry rewrites = [] {
    RewriteRegistry all;
    register_builtin_rewrites(all);
    return all;
  }();
  PlanRequest request;
  request.functions = &functions;
  request.rewrites = &rewrites;
  request.zone = TimeZone::load("Asia/Shanghai").value();
  std::istringstream stream(text);
  for (std::string row; std::getline(stream, row);) {
    if (row.empty()) continue;
    if (row.starts_with("  ")) {
      std::string& sql = request.steps.back().sql;
      sql += (sql.empty() ? "" : "\n") + row.substr(2);
    } else if (row.starts_with("check ")) {
      request.steps.back().checks.push_back({"rule", row.substr(6), RowPolicy::dead_letter});
    } else if (row.starts_with("delivery")) {
      request.exactly_once = false;
    } else if (row == "whole rows") {
      request.carries_whole_rows = true;
    } else {
      const Line line = read_line(row);
      if (line.kind == "source") request.sources.push_back(read_source(line));
      if (line.kind == "lookup") request.lookups.push_back(read_lookup(line));
      if (line.kind == "step") request.steps.push_back(read_step(line));
      if (line.kind == "sink") request.sinks.push_back(read_sink(line));
    }
  }
  return request;
}

}  // namespace sluice
