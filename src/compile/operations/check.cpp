#include "operators/check.hpp"

#include "compile/operator_factories.hpp"
#include "plan/operations/check.hpp"

namespace sluice {

namespace {

Result<OperatorDescriptionPtr> make(const PlanCheck& check, const NodeToCompile& from) {
  std::vector<CheckRule> rules;
  for (const PlannedCheck& planned : check.checks) {
    rules.push_back({planned.name, planned.predicate, planned.on_fail});
  }
  return make_check(from.node.schema, std::move(rules), from.policy());
}

}  // namespace

void register_check(OperatorFactories& factories) { factories.add<PlanCheck>(make); }

}  // namespace sluice
