#include "operators/window_rows.hpp"

#include "compile/operator_factories.hpp"
#include "plan/operations/window_rows.hpp"

namespace sluice {

namespace {

Result<OperatorDescriptionPtr> make(const PlanWindowRows& rows, const NodeToCompile& from) {
  return make_window_rows(
      {from.policy(), from.node.schema, rows.window.window, rows.window.time_column});
}

}  // namespace

void register_window_rows(OperatorFactories& factories) { factories.add<PlanWindowRows>(make); }

}  // namespace sluice
