#include "pipeline/requests.hpp"

#include "pipeline/problem_places.hpp"

#include <algorithm>
#include <map>

namespace sluice {

namespace {

// The connection of an endpoint, which has_connection().
const Options& connection_of(const PipelineSpec& spec, const EndpointSpec& endpoint) {
  return spec.find_connection(endpoint.connection)->options;
}

SourceColumn make_column(const ColumnSpec& from) {
  SourceColumn column;
  column.column.name = from.name;
  column.column.type = from.type;
  column.column.path = from.path;
  column.column.meta = from.meta;
  column.column.unit = from.unit;
  column.column.required = from.required;
  if (from.expr) column.expression = from.expr->text();
  return column;
}

// Without its key or version, a change cannot be told from others: such a record is bad.
void require_key_columns(const ChangelogSpec& changelog, std::vector<SourceColumn>& columns) {
  for (SourceColumn& column : columns) {
    const std::string& name = column.column.name;
    const bool is_key =
        std::find(changelog.key.begin(), changelog.key.end(), name) != changelog.key.end();
    if (is_key || name == changelog.version_by) column.column.required = true;
  }
}

Schema text_schema(const std::vector<std::string>& names) {
  std::vector<Field> fields;
  for (const std::string& name : names) fields.push_back({name, Type{TypeKind::text}});
  return Schema(std::move(fields));
}

SchemaPtr schema_of(const std::vector<ColumnSpec>& columns) {
  std::vector<Field> fields;
  for (const ColumnSpec& column : columns) fields.push_back({column.name, column.type});
  return std::make_shared<Schema>(std::move(fields));
}

SourceSettings make_source(const PipelineSpec& spec, const SourceSpec& from,
                           const Registry& registry) {
  SourceSettings source;
  source.name = from.name;
  for (const ColumnSpec& column : from.columns) source.columns.push_back(make_column(column));
  if (from.changelog) require_key_columns(*from.changelog, source.columns);
  if (from.event_time) {
    const EventTimeSpec& time = *from.event_time;
    source.event_time =
        EventTimeSettings{time.column, time.out_of_order_us, time.idle_after_us, time.max_ahead_us};
  }
  if (from.changelog) {
    const ChangelogSpec& changelog = *from.changelog;
    source.changelog = ChangelogSettings{changelog.key, changelog.ops, changelog.drop_duplicates,
                                         changelog.version_by, changelog.on_truncate};
  }
  if (from.format) {
    const Format* format = registry.formats().find_input(from.format->type);
    source.format = format->identity(from.format->options);
    source.format_is_changelog = format->is_changelog();
  }
  source.on_unknown_field = from.on_unknown_field;
  source.ttl_us = spec.settings.state_ttl_us.value_or(0);
  return source;
}

StepSettings make_step(const PipelineSpec& spec, const StepSpec& from) {
  StepSettings step;
  step.name = from.name;
  step.sql = from.sql.text();
  for (const CheckSpec& check : from.checks)
    step.checks.push_back({check.name, check.expr.text(), check.on_fail});
  step.emit_every_us = from.emit == EmitAt::every ? from.emit_every_us : 0;
  step.late_accept_us = from.late_accept_us;
  step.late_action = from.late_then;
  step.ttl_us = from.state_ttl_us.value_or(spec.settings.state_ttl_us.value_or(0));
  step.on_error = from.on_error;
  return step;
}

CompileSink make_sink(const PipelineSpec& spec, const EndpointSpec& to,
                      const std::optional<FormatSpec>& format, const Registry& registry) {
  CompileSink sink;
  sink.target = to.connection;
  sink.connector = registry.connectors().find(to.connector);
  sink.connection = connection_of(spec, to);
  sink.options = to.options;
  if (format) {
    sink.format = std::make_shared<OutputFormatUse>(*registry.formats().find_output(format->type),
                                                    format->options);
  }
  return sink;
}

// Of the relations alone: without sinks, and with every source as a stream of its own.
PlanRequest make_relations_request(const PipelineSpec& spec, const Registry& registry,
                                   const TimeZone& zone) {
  PlanRequest request;
  for (const SourceSpec& source : spec.sources) {
    request.sources.push_back(make_source(spec, source, registry));
    request.sources.back().scan_identity = source.name;
  }
  for (const LookupSpec& lookup : spec.lookups) {
    request.lookups.push_back({lookup.name, text_schema(lookup.key), schema_of(lookup.columns)});
  }
  for (const StepSpec& step : spec.steps) request.steps.push_back(make_step(spec, step));
  request.exactly_once = spec.settings.delivery == Delivery::exactly_once;
  request.carries_whole_rows = spec.errors.letters_hold_whole_rows;
  request.functions = &registry.functions();
  request.rewrites = &registry.rewrites();
  request.zone = zone;
  return request;
}

// Sets scan_identity, and reports sources of one stream that would read it differently.
void identify_scans(const PipelineSpec& spec, const Registry& registry, PlanRequest& request,
                    Diagnostics& diagnostics) {
  std::map<std::string, std::pair<std::string, std::string>> manners;  // identity -> manner, source
  for (size_t i = 0; i < spec.sources.size(); ++i) {
    const SourceSpec& source = spec.sources[i];
    if (!has_connection(spec, source.from)) continue;
    const Connector* connector = registry.connectors().find(source.from.connector);
    const auto description =
        connector->make_source(connection_of(spec, source.from), source.from.options);
    if (!description) {
      diagnostics.add(place_problem(description.error(), "sources." + source.name, source.from));
      continue;
    }
    const std::string identity = source.from.connection + "/" + (*description)->identity();
    request.sources[i].scan_identity = identity;
    const auto [first, is_new] =
        manners.emplace(identity, std::pair((*description)->manner(), source.name));
    if (is_new || first->second.first == (*description)->manner()) continue;
    const Error error = {ErrorCode::invalid_value,
                         "source " + source.name + " reads the same stream as " +
                             first->second.second + " with other options",
                         Retry::never, "a stream is read once: give both the same options"};
    diagnostics.add(place_problem(error, "sources." + source.name, source.from));
  }
}

}  // namespace

bool has_connection(const PipelineSpec& spec, const EndpointSpec& endpoint) {
  const ConnectionSpec* connection = spec.find_connection(endpoint.connection);
  return connection != nullptr && !connection->type.empty() &&
         connection->type == endpoint.connector;
}

PlanRequest make_plan_request(const PipelineSpec& spec, const Registry& registry,
                              const TimeZone& zone, Diagnostics& diagnostics) {
  PlanRequest request = make_relations_request(spec, registry, zone);
  identify_scans(spec, registry, request, diagnostics);
  for (const SinkSpec& sink : spec.sinks) {
    request.sinks.push_back({sink.name, sink.from, sink.mode, sink.key,
                             "sinks." + sink.name + "." + sink.to.connector + ".key"});
  }
  return request;
}

CompileRequest make_compile_request(const PipelineSpec& spec, const Registry& registry) {
  CompileRequest request;
  request.pipeline = spec.name;
  request.parallelism = static_cast<uint32_t>(spec.settings.parallelism);
  for (const SourceSpec& source : spec.sources) {
    CompileSource& to = request.sources[source.name];
    to.connector = registry.connectors().find(source.from.connector);
    to.connection = connection_of(spec, source.from);
    to.options = source.from.options;
    if (source.format) {
      to.format = registry.formats().find_input(source.format->type);
      to.format_options = source.format->options;
    }
    to.on_error = source.on_error;
  }
  for (const LookupSpec& lookup : spec.lookups) {
    request.lookups[lookup.name] = {registry.connectors().find(lookup.from.connector),
                                    connection_of(spec, lookup.from),
                                    lookup.from.options,
                                    text_schema(lookup.key),
                                    schema_of(lookup.columns),
                                    {lookup.cache_ttl_us, lookup.cache_missing_ttl_us,
                                     static_cast<uint64_t>(lookup.cache_max_rows)}};
  }
  for (const SinkSpec& sink : spec.sinks) {
    request.sinks[sink.name] = make_sink(spec, sink.to, sink.format, registry);
    request.sinks[sink.name].on_error = sink.on_error;
  }
  if (spec.errors.dead_letter) {
    request.dead_letters =
        make_sink(spec, *spec.errors.dead_letter, spec.errors.dead_letter_format, registry);
  }
  return request;
}

}  // namespace sluice
