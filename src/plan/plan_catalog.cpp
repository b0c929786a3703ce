#include "plan/plan_catalog.hpp"

#include "plan/source_schema.hpp"

namespace sluice {

PlanCatalog::PlanCatalog(const PlanRequest& request) {
  for (const SourceSettings& source : request.sources) {
    relations_.emplace(source.name, schema_of(source));
    names_.push_back(source.name);
  }
  for (const StepSettings& step : request.steps) names_.push_back(step.name);
  for (const LookupSettings& lookup : request.lookups) {
    lookups_.emplace(lookup.name, Lookup{lookup.name, lookup.keys, lookup.columns});
  }
}

SchemaPtr PlanCatalog::find_relation(std::string_view name) const {
  const auto found = relations_.find(name);
  return found == relations_.end() ? nullptr : found->second;
}

const Catalog::Lookup* PlanCatalog::find_lookup(std::string_view name) const {
  const auto found = lookups_.find(name);
  return found == lookups_.end() ? nullptr : &found->second;
}

std::vector<std::string> PlanCatalog::relation_names() const { return names_; }

std::vector<std::string> PlanCatalog::lookup_names() const {
  std::vector<std::string> names;
  for (const auto& [name, lookup] : lookups_) names.push_back(name);
  return names;
}

}  // namespace sluice
