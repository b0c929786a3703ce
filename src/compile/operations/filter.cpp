#include "operators/filter.hpp"

#include "compile/operator_factories.hpp"
#include "plan/operations/filter.hpp"

namespace sluice {

namespace {

Result<OperatorDescriptionPtr> make(const PlanFilter& filter, const NodeToCompile& from) {
  return make_filter(from.node.schema, filter.predicate, from.policy());
}

}  // namespace

void register_filter(OperatorFactories& factories) { factories.add<PlanFilter>(make); }

}  // namespace sluice
