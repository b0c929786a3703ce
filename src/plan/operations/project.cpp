#include "plan/operations/project.hpp"

#include <algorithm>

#include "expr/expression_tree.hpp"
#include "plan/conjuncts.hpp"
#include "plan/inference/hand_on.hpp"
#include "plan/narrowing.hpp"

namespace sluice {

namespace {

using Kind = ChangelogMode::Kind;

std::optional<WindowedResult> window_after(const std::vector<ExpressionPtr>& expressions,
                                           WindowedResult window) {
  for (std::optional<size_t>* column : {&window.start, &window.end, &window.time}) {
    const auto after = *column ? columns_after(expressions, {**column}) : std::nullopt;
    *column = after ? std::optional(after->front()) : std::nullopt;
  }
  return window.start || window.end ? std::optional(window) : std::nullopt;
}

}  // namespace

std::string PlanProject::text(const NodeView& view) const {
  std::string text;
  for (const ExpressionPtr& expression : expressions) {
    text += (text.empty() ? " " : ", ") + to_string(*expression, view.names());
  }
  return "project" + text;
}

std::vector<ColumnSet> PlanProject::reads(const NodeView&, const ColumnSet& wanted) const {
  ColumnSet columns;
  for (const size_t column : wanted) add_columns(expressions[column], columns);
  return {columns};
}

ColumnMapping PlanProject::narrow(Narrowing& narrowing) {
  std::vector<ExpressionPtr> narrowed;
  for (const size_t column : narrowing.wanted()) {
    narrowed.push_back(remap_columns(expressions[column], narrowing.input()));
  }
  expressions = std::move(narrowed);
  return keep_only(narrowing.columns(), narrowing.wanted());
}

// Only a plain column hands its time on.
TimeProperties PlanProject::infer_time(const NodeView& view) {
  const PlanNode& input = view.input();
  TimeProperties time;
  time.late_rows = input.late_rows;
  for (size_t i = 0; i < expressions.size(); ++i) {
    const auto* column = expressions[i]->as<ColumnReference>();
    const auto lag = column ? lag_of(input, column->index) : std::nullopt;
    if (lag) time.time_columns.push_back({i, *lag});
  }
  if (input.window) time.window = window_after(expressions, *input.window);
  return time;
}

ChangeProperties PlanProject::infer_changes(const NodeView& view) {
  const PlanNode& input = view.input();
  ChangeProperties changes;
  changes.mode.kind = input.mode.kind;
  if (input.unique_key) changes.unique_key = columns_after(expressions, *input.unique_key);
  // What the clock gave is not computed again: rows replace the one of their key instead.
  const bool replaces = changes.unique_key && reads_clock();
  if (changes.mode.kind == Kind::retract && replaces) changes.mode.kind = Kind::upsert;
  if (changes.mode.kind != Kind::upsert) return changes;
  // Readers that lose the key get a retract stream instead.
  if (changes.unique_key) {
    changes.mode.key = *changes.unique_key;
  } else {
    need_retractions(changes);
  }
  return changes;
}

Placement PlanProject::infer_placement(const NodeView& view) const {
  Placement placement = stay_in_place(view);
  if (placement.distributed_by) {
    placement.distributed_by = columns_after(expressions, *placement.distributed_by);
  }
  return placement;
}

bool PlanProject::reads_clock() const {
  return !std::all_of(expressions.begin(), expressions.end(), [](const ExpressionPtr& expression) {
    return is_deterministic(*expression);
  });
}

std::string PlanProject::reason_of_changes(const NodeView&) const { return {}; }

Flow PlanProject::flow(const FlowView& below) const {
  Flow flow = below.input();
  flow.columns.clear();
  for (const ExpressionPtr& expression : expressions) {
    flow.columns.push_back(term_of(*expression, below.input().columns));
  }
  return flow;
}

bool PlanProject::takes_upserts(const NodeView& view, const PlanNode&) const {
  return view.node().mode.kind == Kind::upsert;
}

// Computing a column twice, or failing in another step's name, is not worth it.
std::vector<MovedPredicate> PlanProject::move_below(const NodeView&,
                                                    const ExpressionPtr& conjunct) const {
  for (const size_t column : columns_of(*conjunct)) {
    const Expression& expression = *expressions[column];
    const bool is_plain = expression.as<ColumnReference>() || expression.as<Literal>();
    if (!is_plain && may_fail(expression)) return {};
    if (!is_deterministic(expression)) return {};
  }
  // What is computed of what is computed may double at each step down.
  constexpr uint64_t most_nodes = 1000;
  ExpressionPtr moved = substitute_columns(conjunct, expressions);
  if (moved->size() > most_nodes) return {};
  return {{0, std::move(moved)}};
}

}  // namespace sluice
