#include "operators/project.hpp"

#include "compile/operator_factories.hpp"
#include "plan/operations/project.hpp"

namespace sluice {

namespace {

Result<OperatorDescriptionPtr> make(const PlanProject& project, const NodeToCompile& from) {
  const bool sends_upserts = from.node.mode.kind == ChangelogMode::Kind::upsert;
  return make_project({from.node.schema, project.expressions, from.policy(), sends_upserts});
}

}  // namespace

void register_project(OperatorFactories& factories) { factories.add<PlanProject>(make); }

}  // namespace sluice
