#include "operators/changelog_dedup.hpp"

#include "compile/operator_factories.hpp"
#include "plan/operations/changelog_dedup.hpp"

namespace sluice {

namespace {

Result<OperatorDescriptionPtr> make(const PlanChangelogDedup& dedup, const NodeToCompile& from) {
  return make_changelog_dedup({.source = from.node.owner,
                               .schema = from.node.schema,
                               .key = dedup.key,
                               .version_column = dedup.version_column,
                               .ops = dedup.ops,
                               .ttl_us = dedup.ttl_us});
}

}  // namespace

void register_changelog_dedup(OperatorFactories& factories) {
  factories.add<PlanChangelogDedup>(make);
}

}  // namespace sluice
