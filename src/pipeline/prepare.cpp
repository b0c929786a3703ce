#include "pipeline/prepare.hpp"

#include "compile/compile.hpp"
#include "pipeline/connector_catalogue.hpp"
#include "pipeline/problem_places.hpp"
#include "pipeline/requests.hpp"
#include "pipeline/sound_parts.hpp"
#include "plan/planner.hpp"

namespace sluice {

namespace {

// Errors of the file do not hide those of its SQL.
void judge_sound_parts(const PipelineSpec& spec, const Registry& registry,
                       Diagnostics& diagnostics) {
  const auto sound = sound_parts(spec, diagnostics);
  const Result<TimeZone> zone = TimeZone::load(spec.settings.timezone);
  if (!sound || !zone) return;
  const PlanResult planned = build_plan(make_relations_request(*sound, registry, *zone));
  for (const PlanProblem& problem : planned.problems) {
    diagnostics.add(place_problem(problem, *sound));
  }
}

PrepareResult prepare(LoadedPipeline loaded, const PrepareRequest& request,
                      Diagnostics& diagnostics) {
  PrepareResult result;
  result.files = loaded.files;
  if (diagnostics.has_errors()) {
    judge_sound_parts(loaded.spec, *request.registry, diagnostics);
    return result;
  }
  if (request.parallelism > 0) loaded.spec.settings.parallelism = request.parallelism;
  result.pipeline = prepare_loaded(std::move(loaded), *request.registry, diagnostics);
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
  PlanResult planned = build_plan(make_plan_request(spec, registry, *zone, diagnostics));
  for (const PlanProblem& problem : planned.problems) diagnostics.add(place_problem(problem, spec));
  if (!planned.plan || diagnostics.has_errors()) return nullptr;
  prepared->plan = std::move(*planned.plan);
  Result<StreamGraph> graph = compile(prepared->plan, make_compile_request(spec, registry));
  if (!graph) {
    diagnostics.error(graph.error().code, spec.location, graph.error().message,
                      graph.error().advice);
    return nullptr;
  }
  prepared->graph = std::move(*graph);
  return prepared;
}

PrepareResult prepare_pipeline(const std::string& path, const PrepareRequest& request,
                               Diagnostics& diagnostics) {
  const ConnectorCatalogue catalogue = make_catalogue(*request.registry);
  const LoadRequest load{&catalogue, request.filesystem, request.variable, request.resolve_values};
  return prepare(load_pipeline(path, load, diagnostics), request, diagnostics);
}

PrepareResult prepare_pipeline_text(const std::string& name, std::string text,
                                    const PrepareRequest& request, Diagnostics& diagnostics) {
  const ConnectorCatalogue catalogue = make_catalogue(*request.registry);
  const LoadRequest load{&catalogue, request.filesystem, request.variable, request.resolve_values};
  return prepare(load_pipeline_text(name, std::move(text), load, diagnostics), request,
                 diagnostics);
}

}  // namespace sluice
