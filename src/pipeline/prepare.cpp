#include "pipeline/prepare.hpp"

#include <algorithm>

#include "compile/compile.hpp"
#include "pipeline/connector_catalogue.hpp"
#include "pipeline/meeting_sinks.hpp"
#include "pipeline/problem_places.hpp"
#include "pipeline/requests.hpp"
#include "pipeline/sound_parts.hpp"
#include "plan/planner.hpp"
#include "spec/cross_checks.hpp"

namespace sluice {

namespace {

struct Judged {
  LogicalPlan plan;
  StreamGraph graph;
};

bool has_every_connection(const PipelineSpec& spec) {
  const auto is_connected = [&spec](const auto& part) { return has_connection(spec, part.from); };
  return std::all_of(spec.sources.begin(), spec.sources.end(), is_connected) &&
         std::all_of(spec.lookups.begin(), spec.lookups.end(), is_connected);
}

// Plans and compiles. None when there are errors, or when a connection is not there to ask.
std::optional<Judged> judge(const PipelineSpec& spec, const Registry& registry,
                            const TimeZone& zone, Diagnostics& diagnostics) {
  PlanResult planned = build_plan(make_plan_request(spec, registry, zone, diagnostics));
  for (const PlanProblem& problem : planned.problems) diagnostics.add(place_problem(problem, spec));
  if (!planned.plan || diagnostics.has_errors() || !has_every_connection(spec)) return std::nullopt;
  CompileResult compiled = compile(*planned.plan, make_compile_request(spec, registry));
  for (const CompileProblem& problem : compiled.problems) {
    diagnostics.add(place_problem(problem, spec));
  }
  if (!compiled.graph) return std::nullopt;
  warn_of_meeting_sinks(*compiled.graph, spec, diagnostics);
  return Judged{std::move(*planned.plan), std::move(*compiled.graph)};
}

// Adds what is not there yet; whether an error was among it.
bool add_new(const Diagnostics& found, Diagnostics& diagnostics) {
  bool has_error = false;
  for (Diagnostic& problem : found.sorted()) {
    if (diagnostics.contains(problem)) continue;
    has_error = has_error || problem.severity == Severity::error;
    diagnostics.add(std::move(problem));
  }
  return has_error;
}

// Errors of the file do not hide those of its SQL, and those of one step or end not those of
// another. Each round leaves out what is known to be wrong.
void judge_sound_parts(const PipelineSpec& spec, const Registry& registry,
                       Diagnostics& diagnostics) {
  const Result<TimeZone> zone = TimeZone::load(spec.settings.timezone);
  if (!zone) return;
  constexpr int most_rounds = 4;
  for (int round = 0; round < most_rounds; ++round) {
    const auto sound = sound_parts(spec, diagnostics);
    if (!sound) return;
    Diagnostics found;
    judge(*sound, registry, *zone, found);
    if (!add_new(found, diagnostics)) return;
  }
}

void check_connections(const PipelineSpec& spec, const Registry& registry,
                       Diagnostics& diagnostics) {
  for (const ConnectionSpec& connection : spec.connections) {
    if (const Connector* connector = registry.connectors().find(connection.type))
      connector->check_connection(connection.options, diagnostics);
  }
}

PrepareResult prepare(LoadedPipeline loaded, const PrepareRequest& request,
                      Diagnostics& diagnostics) {
  PrepareResult result;
  result.files = loaded.files;
  result.name = loaded.spec.name;
  check_connections(loaded.spec, *request.registry, diagnostics);
  if (diagnostics.has_errors()) {
    judge_sound_parts(loaded.spec, *request.registry, diagnostics);
    return result;
  }
  if (request.parallelism > 0) loaded.spec.settings.parallelism = request.parallelism;
  result.pipeline = prepare_loaded(std::move(loaded), *request.registry, diagnostics);
  // Beside errors a name may only seem unused.
  if (result.pipeline) warn_of_unused(result.pipeline->spec(), diagnostics);
  return result;
}

}  // namespace

std::unique_ptr<PreparedPipeline> prepare_loaded(LoadedPipeline loaded, const Registry& registry,
                                                 Diagnostics& diagnostics) {
  auto prepared = std::make_unique<PreparedPipeline>();
  prepared->loaded = std::move(loaded);
  const PipelineSpec& spec = prepared->spec();
  const Result<TimeZone> zone = TimeZone::load(spec.settings.timezone);
  if (!zone) {
    diagnostics.error(zone.error().code, spec.location, zone.error().message, zone.error().advice);
    return nullptr;
  }
  prepared->zone = *zone;
  std::optional<Judged> judged = judge(spec, registry, *zone, diagnostics);
  if (!judged) {
    judge_sound_parts(spec, registry, diagnostics);
    return nullptr;
  }
  prepared->plan = std::move(judged->plan);
  prepared->graph = std::move(judged->graph);
  return prepared;
}

PrepareResult prepare_pipeline(const std::string& path, const PrepareRequest& request,
                               Diagnostics& diagnostics) {
  const ConnectorCatalogue catalogue = make_catalogue(*request.registry);
  const LoadRequest load{&catalogue, request.filesystem, request.variable, request.resolve_values,
                         request.tests_must_be_right};
  return prepare(load_pipeline(path, load, diagnostics), request, diagnostics);
}

PrepareResult prepare_pipeline_text(const std::string& name, std::string text,
                                    const PrepareRequest& request, Diagnostics& diagnostics) {
  const ConnectorCatalogue catalogue = make_catalogue(*request.registry);
  const LoadRequest load{&catalogue, request.filesystem, request.variable, request.resolve_values,
                         request.tests_must_be_right};
  return prepare(load_pipeline_text(name, std::move(text), load, diagnostics), request,
                 diagnostics);
}

}  // namespace sluice
