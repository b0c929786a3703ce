#include <algorithm>

#include "formats/envelope.hpp"
#include "plan/composing/compose.hpp"
#include "plan/operations/changelog_dedup.hpp"
#include "plan/operations/source.hpp"
#include "plan/source_schema.hpp"

namespace sluice {

namespace {

// The column of that name, or a report that there is none.
std::optional<size_t> find_column(const Schema& schema, const std::string& name,
                                  const std::string& path, PlanProblems& problems) {
  const auto column = schema.find(name);
  if (!column) {
    problems.error(ErrorCode::unknown_column, path, "the source has no column \"" + name + "\"");
  }
  return column;
}

// Binds the `expr` columns over the decoded ones. False after a problem has been reported.
bool bind_computed_columns(const PlanRequest& request, const SourceSettings& source, ScanSpec& scan,
                           PlanProblems& problems) {
  std::vector<Field> decoded;
  std::vector<size_t> places;
  for (size_t i = 0; i < source.columns.size(); ++i) {
    if (!source.columns[i].expression.empty()) continue;
    decoded.push_back({source.columns[i].column.name, source.columns[i].column.type});
    places.push_back(i);
  }
  const Schema schema(std::move(decoded));
  const BindContext context{nullptr, request.functions, &request.zone};
  bool complete = true;
  for (size_t i = 0; i < source.columns.size(); ++i) {
    const SourceColumn& column = source.columns[i];
    if (column.expression.empty()) continue;
    const PlanText text{"sources." + source.name + ".columns." + column.column.name + ".expr",
                        column.expression};
    const auto bound = bind_expression(column.expression, schema, context);
    problems.add(text, bound.problems);
    complete = complete && bound.expression;
    if (!bound.expression) continue;
    auto cast = request.functions->cast(bound.expression, column.column.type, false, 0);
    if (!cast) {
      problems.error(cast.error().code, text, 0, cast.error().message, cast.error().advice);
      complete = false;
      continue;
    }
    scan.columns[i].computed = remap_columns(*cast, places);
  }
  return complete;
}

// What tells rows apart and orders them must be the same for a record that comes again. A key
// decides whether a record is a duplicate; where updates are dropped too, the whole row does.
bool check_clock(const SourceSettings& source, const ScanSpec& scan, PlanProblems& problems) {
  if (!source.changelog) return true;
  const ChangelogSettings& changelog = *source.changelog;
  const bool compares_rows = changelog.drop_duplicates && changelog.ops == ChangelogOps::all;
  bool is_sound = true;
  for (size_t i = 0; i < source.columns.size(); ++i) {
    if (!scan.columns[i].computed || is_deterministic(*scan.columns[i].computed)) continue;
    const std::string& name = source.columns[i].column.name;
    const bool is_key =
        std::find(changelog.key.begin(), changelog.key.end(), name) != changelog.key.end();
    if (!is_key && !compares_rows && name != changelog.version_by) continue;
    problems.error(ErrorCode::volatile_key, "sources." + source.name + ".columns." + name,
                   "column \"" + name +
                       "\" reads the clock, and with it no row of the changelog is "
                       "the same when it comes again",
                   "compute it in a step");
    is_sound = false;
  }
  return is_sound;
}

bool set_event_time(const SourceSettings& source, PlanSource& node, PlanProblems& problems) {
  if (!source.event_time) return true;
  const EventTimeSettings& time = *source.event_time;
  const auto column = find_column(*node.scan.schema, time.column,
                                  "sources." + source.name + ".event_time.column", problems);
  if (!column) return false;
  node.scan.time_origin = TimeOrigin::event_column;
  node.scan.event_time_column = *column;
  node.out_of_order_us = time.out_of_order_us;
  node.idle_after_us = time.idle_after_us;
  node.max_ahead_us = time.max_ahead_us;
  return true;
}

std::optional<std::vector<size_t>> changelog_key(const SourceSettings& source, const Schema& schema,
                                                 PlanProblems& problems) {
  std::vector<size_t> key;
  if (!source.changelog) return key;
  const std::string path = "sources." + source.name + ".changelog.key";
  for (const std::string& name : source.changelog->key) {
    const auto column = find_column(schema, name, path, problems);
    if (!column) return std::nullopt;
    key.push_back(*column);
  }
  return key;
}

std::optional<PlanChangelogDedup> dedup_of(const SourceSettings& source, std::vector<size_t> key,
                                           const Schema& schema, PlanProblems& problems) {
  const ChangelogSettings& changelog = *source.changelog;
  const std::string path = "sources." + source.name + ".changelog.version_by";
  PlanChangelogDedup dedup{.key = std::move(key), .ops = changelog.ops, .ttl_us = source.ttl_us};
  if (changelog.version_by.empty()) return dedup;
  dedup.version_column = find_column(schema, changelog.version_by, path, problems);
  if (!dedup.version_column) return std::nullopt;
  return dedup;
}

}  // namespace

SchemaPtr schema_of(const SourceSettings& source) {
  std::vector<Field> fields;
  for (const SourceColumn& column : source.columns) {
    fields.push_back({column.column.name, column.column.type});
  }
  return std::make_shared<Schema>(std::move(fields));
}

std::optional<PlanNodeId> compose_source(const PlanRequest& request, const SourceSettings& source,
                                         PlanDraft& draft, PlanProblems& problems) {
  PlanSource operation{
      .format = source.format, .has_changes = source.format_is_changelog, .ttl_us = source.ttl_us};
  ScanSpec& scan = operation.scan;
  scan.source = source.name;
  scan.schema = schema_of(source);
  scan.output_columns = source.columns.size();
  scan.on_unknown_field = source.on_unknown_field;
  for (const SourceColumn& column : source.columns) {
    scan.columns.push_back(column.column);
    const bool is_decoded = column.expression.empty() && column.column.meta == MetaColumn::none;
    if (is_decoded && !column.column.path.empty() && !is_in_envelope(column.column)) {
      scan.known_fields.push_back(column.column.path.front());
    }
  }
  if (request.carries_whole_rows) {
    for (size_t i = 0; i < source.columns.size(); ++i) scan.whole_row.push_back(i);
  }
  if (source.changelog) {
    scan.ops = source.changelog->ops;
    scan.on_truncate = source.changelog->on_truncate;
  }
  const bool computed = bind_computed_columns(request, source, scan, problems);
  if (!set_event_time(source, operation, problems) || !computed) return std::nullopt;
  if (!check_clock(source, scan, problems)) return std::nullopt;
  auto key = changelog_key(source, *scan.schema, problems);
  if (!key) return std::nullopt;
  if (operation.has_changes && scan.ops == ChangelogOps::all) {
    operation.change_key = *key;
    for (const size_t column : *key) scan.key_fields.push_back((*scan.schema)[column].name);
  }

  PlanNode node{.owner = source.name, .operation = operation};
  node.schema = scan.schema;
  const PlanNodeId id = draft.add(std::move(node));
  if (!source.changelog || !source.changelog->drop_duplicates) return id;
  const auto dedup = dedup_of(source, std::move(*key), *scan.schema, problems);
  if (!dedup) return std::nullopt;
  return draft.add(draft.reader_of(id, *dedup, scan.schema));
}

}  // namespace sluice
