#include "spec/planning.hpp"

#include "base/assert.hpp"

namespace sluice {

namespace {

// Every option that is in force, so that what is stated and what is a default compare equal.
std::string options_text(const OptionTable& table, const Options& options,
                         std::string_view except) {
  std::string text;
  for (const OptionSpec& spec : table.specs()) {
    if (spec.name == except || !options.has(spec.name)) continue;
    const bool is_number = spec.kind == OptionKind::duration || spec.kind == OptionKind::bytes ||
                           spec.kind == OptionKind::integer || spec.kind == OptionKind::boolean;
    text += " " + spec.name + "=";
    if (is_number) {
      text += std::to_string(options.integer(spec.name));
    } else if (spec.kind == OptionKind::text_list) {
      for (const std::string& item : options.list(spec.name)) text += item + ",";
    } else {
      text += options.text(spec.name);
    }
  }
  return text;
}

std::string scan_identity(const SourceSpec& source, const ConnectorOptions& connector,
                          const FormatOptions* format) {
  std::string text = connector.name + " " + source.from.connection +
                     options_text(*connector.source, source.from.options, "connection");
  if (format != nullptr) {
    text += " " + format->name + options_text(*format->decoder, source.format->options, "on_error");
  }
  return text;
}

SourceColumn make_column(const ColumnSpec& column) {
  SourceColumn result;
  result.column.name = column.name;
  result.column.type = column.type;
  result.column.path = column.path;
  result.column.meta = column.meta;
  result.column.unit = column.unit;
  result.column.required = column.required;
  if (column.expr) result.expression = column.expr->text();
  return result;
}

SourceSettings make_source(const PipelineSpec& spec, const SourceSpec& source,
                           const ConnectorCatalogue& catalogue) {
  const ConnectorOptions* connector = catalogue.find_connector(source.from.connector);
  SLUICE_ASSERT(connector != nullptr, "a source without errors has a connector");
  const FormatOptions* format =
      source.format ? catalogue.find_format(source.format->type) : nullptr;
  SourceSettings settings;
  settings.name = source.name;
  settings.scan_identity = scan_identity(source, *connector, format);
  for (const ColumnSpec& column : source.columns) settings.columns.push_back(make_column(column));
  if (source.event_time) {
    const EventTimeSpec& time = *source.event_time;
    settings.event_time = {time.column, time.out_of_order_us, time.idle_after_us,
                           time.max_ahead_us};
  }
  if (source.changelog) {
    const ChangelogSpec& changelog = *source.changelog;
    settings.changelog = {changelog.key, changelog.ops, changelog.drop_duplicates,
                          changelog.version_by};
  }
  settings.format_is_changelog = format != nullptr && format->is_changelog;
  settings.on_unknown_field = source.on_unknown_field;
  settings.ttl_us = spec.settings.state_ttl_us.value_or(0);
  return settings;
}

LookupSettings make_lookup(const LookupSpec& lookup) {
  LookupSettings settings;
  settings.name = lookup.name;
  std::vector<Field> keys;
  for (const std::string& key : lookup.key) keys.push_back({key, Type{TypeKind::text}});
  settings.keys = Schema(std::move(keys));
  std::vector<Field> columns;
  for (const ColumnSpec& column : lookup.columns) columns.push_back({column.name, column.type});
  settings.columns = std::make_shared<const Schema>(std::move(columns));
  return settings;
}

StepSettings make_step(const PipelineSpec& spec, const StepSpec& step) {
  StepSettings settings;
  settings.name = step.name;
  settings.sql = step.sql.text();
  for (const CheckSpec& check : step.checks) {
    settings.checks.push_back({check.name, check.expr.text(), check.on_fail});
  }
  settings.emit_every_us = step.emit_every_us;
  settings.late_accept_us = step.late_accept_us;
  settings.late_action = step.late_then;
  settings.ttl_us = step.state_ttl_us ? *step.state_ttl_us : spec.settings.state_ttl_us.value_or(0);
  settings.on_error = step.on_error;
  return settings;
}

}  // namespace

PlanRequest make_plan_request(const PipelineSpec& spec, const ConnectorCatalogue& catalogue,
                              const FunctionRegistry& functions) {
  PlanRequest request;
  for (const SourceSpec& source : spec.sources) {
    request.sources.push_back(make_source(spec, source, catalogue));
  }
  for (const LookupSpec& lookup : spec.lookups) request.lookups.push_back(make_lookup(lookup));
  for (const StepSpec& step : spec.steps) request.steps.push_back(make_step(spec, step));
  for (const SinkSpec& sink : spec.sinks) {
    request.sinks.push_back({sink.name, sink.from, sink.mode, sink.key,
                             "sinks." + sink.name + "." + sink.to.connector + ".key"});
  }
  request.exactly_once = spec.settings.delivery == Delivery::exactly_once;
  request.functions = &functions;
  const auto zone = TimeZone::load(spec.settings.timezone);
  SLUICE_ASSERT(zone.has_value(), "a pipeline without errors has a known time zone");
  request.zone = *zone;
  return request;
}

}  // namespace sluice
