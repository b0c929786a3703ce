#include "operators/union_all.hpp"

#include "compile/operator_factories.hpp"
#include "plan/operations/union_all.hpp"

namespace sluice {

namespace {

Result<OperatorDescriptionPtr> make(const PlanUnion&, const NodeToCompile& from) {
  return make_union_all(from.node.schema);
}

}  // namespace

void register_union_all(OperatorFactories& factories) { factories.add<PlanUnion>(make); }

}  // namespace sluice
