// StepComposer: expressions that read the clock, over rows that change.
#include "expr/expression_tree.hpp"
#include "plan/composing/step_composer.hpp"
#include "plan/operations/project.hpp"

namespace sluice {

namespace {

// Where the clock is read; 0 where no text says it.
uint32_t clock_position(const Expression& expression) {
  for (const Expression* child : children_of(expression)) {
    if (!is_deterministic(*child)) return clock_position(*child);
  }
  return expression.position() == Expression::no_position ? 0 : expression.position();
}

constexpr const char* advice =
    "compare with a time column of the rows; or select the comparison as a column in a step that "
    "keeps the key, where its value is kept, and filter by that column in a step behind it";

}  // namespace

bool StepComposer::check_clock(const PlanText& text, const Expression& expression,
                               PlanNodeId input) {
  const PlanNode& node = draft_.node(input);
  if (is_deterministic(expression) || node.mode.kind == ChangelogMode::Kind::append) return true;
  problems_.error(ErrorCode::volatile_key, text, clock_position(expression),
                  "now() cannot judge the rows of " + node.owner +
                      ", which change: it would judge a row otherwise when it is taken back",
                  advice);
  return false;
}

void StepComposer::check_projected_clock(PlanNodeId project) {
  const PlanNode& node = draft_.node(project);
  if (node.mode.kind != ChangelogMode::Kind::retract) return;
  const PlanNode& input = draft_.node(node.inputs.front().node);
  for (const ExpressionPtr& expression : node.as<PlanProject>()->expressions) {
    if (is_deterministic(*expression)) continue;
    problems_.error(ErrorCode::volatile_key, sql(), clock_position(*expression),
                    "the rows of " + input.owner +
                        " change, and what now() gave for one is not known again without its key",
                    "select the key of " + input.owner + ", too");
    return;
  }
}

}  // namespace sluice
