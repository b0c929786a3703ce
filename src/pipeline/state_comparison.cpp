#include "pipeline/state_comparison.hpp"

#include "pipeline/plan_description.hpp"
#include "storage/newest_manifest.hpp"

namespace sluice {

namespace {

struct Place {
  SourceLocation location;
  std::string path;
};

Place place_of_owner(const PipelineSpec& spec, const std::string& owner) {
  if (const StepSpec* step = spec.find_step(owner)) return {step->location, "steps." + owner};
  if (const SourceSpec* source = spec.find_source(owner)) {
    return {source->location, "sources." + owner};
  }
  return {spec.name_location, "pipeline"};
}

Place place_of(const PlanEffect& effect, const PreparedPipeline& prepared) {
  const PipelineSpec& spec = prepared.spec();
  switch (effect.subject) {
    case PlanEffect::Subject::state:
      return place_of_owner(spec, effect.name.substr(0, effect.name.find('/')));
    case PlanEffect::Subject::sink:
      return {spec.find_sink(effect.name)->location, "sinks." + effect.name};
    case PlanEffect::Subject::stream:
      for (const SourceInput& source : prepared.graph.sources) {
        if (source.identity == effect.name) return place_of_owner(spec, source.name);
      }
  }
  return place_of_owner(spec, {});
}

void report(const PlanEffect& effect, const PreparedPipeline& prepared, Diagnostics& diagnostics) {
  const std::optional<ErrorCode> code = code_of(effect.kind);
  if (!code) return;
  Place place = place_of(effect, prepared);
  const bool is_refused = effect.kind == PlanEffect::Kind::refused;
  diagnostics.add({.code = *code,
                   .severity = is_refused ? Severity::error : Severity::warning,
                   .location = std::move(place.location),
                   .path = std::move(place.path),
                   .message = effect.message,
                   .suggestion = std::string(describe(*code).advice)});
}

}  // namespace

StateComparison compare_with_state(const PreparedPipeline& prepared, const std::string& folder,
                                   Filesystem& filesystem, Diagnostics& diagnostics) {
  StateComparison comparison{folder, {}, {}};
  const auto newest = read_newest_manifest(filesystem, folder);
  if (!newest) {
    const Place place = place_of_owner(prepared.spec(), {});
    diagnostics.add({.code = newest.error().code,
                     .location = place.location,
                     .path = place.path,
                     .message = newest.error().message,
                     .suggestion = newest.error().way_on()});
    return comparison;
  }
  if (!*newest) return comparison;
  CheckpointSettings present;
  describe_plan(prepared, present);
  const Manifest& manifest = (*newest)->manifest;
  comparison.checkpoint = manifest.epoch;
  comparison.effects = effects_on(manifest, present.plan, present.former_names);
  for (const PlanEffect& effect : comparison.effects) report(effect, prepared, diagnostics);
  return comparison;
}

}  // namespace sluice
