#include "plan/rewrites/merge_projects.hpp"

#include "expr/expression_tree.hpp"
#include "plan/conjuncts.hpp"
#include "plan/operations/project.hpp"

namespace sluice {

namespace {

bool is_identity(const PlanProject& project, const Schema& input, const Schema& output) {
  if (!(input == output)) return false;
  for (size_t i = 0; i < project.expressions.size(); ++i) {
    const auto* column = project.expressions[i]->as<ColumnReference>();
    if (!column || column->index != i) return false;
  }
  return true;
}

// How often the upper projection would compute each expression of the lower one.
std::vector<size_t> uses_of(const PlanProject& upper, size_t columns) {
  std::vector<size_t> uses(columns, 0);
  for (const ExpressionPtr& expression : upper.expressions) count_reads(*expression, uses);
  return uses;
}

// Nothing is computed twice, a row that fails is still reported by the step whose SQL it is, and
// what reads the clock over rows that change keeps its key, by which they are replaced.
bool can_merge(const PlanNode& upper, const PlanNode& lower) {
  const auto* below = lower.as<PlanProject>();
  if (!below) return false;
  if (below->reads_clock() && lower.mode.kind != ChangelogMode::Kind::append) return false;
  const auto uses = uses_of(*upper.as<PlanProject>(), below->expressions.size());
  for (size_t i = 0; i < below->expressions.size(); ++i) {
    const Expression& expression = *below->expressions[i];
    const bool is_plain = expression.as<ColumnReference>() || expression.as<Literal>();
    if (is_plain) continue;
    const bool moves_failure = upper.owner != lower.owner && may_fail(expression);
    if (uses[i] > 1 || (uses[i] == 1 && moves_failure)) return false;
  }
  return true;
}

}  // namespace

void merge_projects(PlanDraft& draft) {
  for (size_t i = 0; i < draft.size(); ++i) {
    PlanNode& upper = draft.node(PlanNodeId(static_cast<uint32_t>(i)));
    auto* project = upper.operation.as<PlanProject>();
    if (!project) continue;
    while (can_merge(upper, draft.node(upper.inputs.front().node)) &&
           draft.readers(upper.inputs.front().node).size() == 1) {
      const PlanNode& lower = draft.node(upper.inputs.front().node);
      for (ExpressionPtr& expression : project->expressions) {
        expression = substitute_columns(expression, lower.as<PlanProject>()->expressions);
      }
      upper.inputs.front().node = lower.inputs.front().node;
    }
    const PlanNode& input = draft.node(upper.inputs.front().node);
    if (is_identity(*project, *input.schema, *upper.schema)) {
      draft.redirect_readers(upper.id, input.id);
    }
  }
}

}  // namespace sluice
