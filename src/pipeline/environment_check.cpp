#include "pipeline/environment_check.hpp"

#include <algorithm>
#include <map>

#include "pipeline/requests.hpp"

namespace sluice {

namespace {

void check_sink(const SinkSpec& sink, const StreamGraph& graph, const CompileSink& ends,
                const Environment& environment, Diagnostics& diagnostics) {
  for (const StreamNode& node : graph.nodes) {
    if (node.name != sink.name || !std::holds_alternative<SinkVertex>(node.node)) continue;
    SinkRequest request;
    request.name = sink.name;
    request.schema = node.schema;
    request.key = sink.key;
    request.mode = sink.mode;
    request.connection = &ends.connection;
    request.options = &ends.options;
    request.format = ends.format;
    ends.connector->check_sink(environment, request, diagnostics);
  }
}

void check_dead_letters(const CompileSink& ends, const Environment& environment,
                        Diagnostics& diagnostics) {
  SinkRequest request;
  request.name = "dead_letter";
  request.schema = dead_letter_schema();
  request.connection = &ends.connection;
  request.options = &ends.options;
  request.format = ends.format;
  ends.connector->check_sink(environment, request, diagnostics);
}

// Two targets that are one system: what a start refuses. A system that does not answer is told by
// the check of its sinks.
void check_targets(const PipelineSpec& spec, const StreamGraph& graph,
                   const Environment& environment, Diagnostics& diagnostics) {
  if (spec.settings.delivery != Delivery::exactly_once) return;
  std::map<std::string, std::string> names;  // of connections, by identity
  for (const TargetNode& target : graph.targets) {
    const PublisherIds ids{spec.name + "." + target.name + ".0", {}, {}};
    const auto publisher = target.connector->make_publisher({environment, &target.connection, ids});
    if (!publisher) continue;
    const Result<std::string> identity = (*publisher)->identity();
    if (!identity) continue;
    const auto [known, is_new] = names.emplace(*identity, target.name);
    if (is_new) continue;
    const auto connection =
        std::find_if(spec.connections.begin(), spec.connections.end(),
                     [&](const ConnectionSpec& one) { return one.name == target.name; });
    diagnostics.error(ErrorCode::conflicting_fields, connection->location,
                      "connections " + known->second + " and " + target.name +
                          " lead to the same system, " + *identity,
                      "let all sinks there use one connection");
  }
}

}  // namespace

void check_environment(const PipelineSpec& spec, const StreamGraph& graph, const Registry& registry,
                       const Environment& environment, Diagnostics& diagnostics) {
  const CompileRequest ends = make_compile_request(spec, registry);
  for (const auto& [name, source] : ends.sources) {
    source.connector->check_source(environment, source.connection, source.options, diagnostics);
  }
  for (const auto& [name, lookup] : ends.lookups) {
    const LookupRequest request{name, &lookup.connection, &lookup.options, lookup.keys,
                                lookup.columns};
    lookup.connector->check_lookup(environment, request, diagnostics);
  }
  for (const SinkSpec& sink : spec.sinks) {
    check_sink(sink, graph, ends.sinks.at(sink.name), environment, diagnostics);
  }
  check_targets(spec, graph, environment, diagnostics);
  if (ends.dead_letters) check_dead_letters(*ends.dead_letters, environment, diagnostics);
}

}  // namespace sluice
