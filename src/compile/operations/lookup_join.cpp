#include "operators/lookup_join.hpp"

#include "compile/operator_factories.hpp"
#include "plan/operations/lookup_join.hpp"

namespace sluice {

namespace {

Result<OperatorDescriptionPtr> make(const PlanLookupJoin& join, const NodeToCompile& from) {
  const CompileLookup& lookup = from.request.lookups.at(join.lookup);
  LookupJoinSettings settings;
  settings.policy = from.policy();
  settings.input = from.input_schema();
  settings.output = from.node.schema;
  settings.keys = join.keys;
  settings.left_outer = join.kind == JoinKind::left;
  settings.residual = join.residual;
  settings.cache = lookup.cache;
  settings.keeps_rows = join.keeps_rows;
  settings.state_key = join.state_key;
  settings.state_key_is_unique = join.state_key_is_unique;
  settings.ttl_us = join.ttl_us;
  for (size_t i = 0; i < join.lookup_columns->size(); ++i) settings.columns.push_back(i);
  const LookupRequest request{join.lookup, &lookup.connection, &lookup.options, lookup.keys,
                              join.lookup_columns};
  SLUICE_ASSIGN(settings.lookup, lookup.connector->make_lookup(request));
  return make_lookup_join(std::move(settings));
}

}  // namespace

void register_lookup_join(OperatorFactories& factories) { factories.add<PlanLookupJoin>(make); }

}  // namespace sluice
