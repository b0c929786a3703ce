// StepComposer's joins of two streams.
#include <algorithm>

#include "expr/expression_tree.hpp"
#include "plan/composing/step_composer.hpp"
#include "plan/operations/interval_join.hpp"
#include "plan/operations/regular_join.hpp"
#include "sql/relation_text.hpp"

namespace sluice {

namespace {

// Adds a key to a side: its own column, or a computed one behind the side's columns, named by its
// text.
size_t key_column(const ExpressionPtr& key, std::vector<ExpressionPtr>& expressions,
                  std::vector<Field>& fields) {
  for (size_t i = 0; i < expressions.size(); ++i) {
    if (equal(*expressions[i], *key)) return i;
  }
  fields.push_back({to_string(*key, column_names(Schema(fields))), key->type()});
  expressions.push_back(key);
  return expressions.size() - 1;
}

// The residual over the joined columns, when the left side grew by computed keys.
ExpressionPtr over_grown_sides(const ExpressionPtr& residual, size_t left_columns,
                               size_t right_columns, size_t left_grown) {
  if (!residual || left_columns == left_grown) return residual;
  std::vector<size_t> mapping;
  for (size_t i = 0; i < left_columns; ++i) mapping.push_back(i);
  for (size_t i = 0; i < right_columns; ++i) mapping.push_back(left_grown + i);
  return remap_columns(residual, mapping);
}

bool reads_months(const Expression& expression) {
  const auto* constant = expression.as<Literal>();
  if (constant != nullptr) {
    const bool is_interval = expression.type().kind == TypeKind::interval;
    return is_interval && !constant->value.is_null() && constant->value.get<Interval>().months != 0;
  }
  const auto children = children_of(expression);
  return std::any_of(children.begin(), children.end(),
                     [](const Expression* child) { return reads_months(*child); });
}

std::string bounds_to_write(const JoinSides& sides) {
  if (sides.left.window && sides.right.window) return "write a.window_start = b.window_start";
  if (sides.left.window) return "write b.ts >= a.window_start AND b.ts < a.window_end";
  if (sides.right.window) return "write a.ts >= b.window_start AND a.ts < b.window_end";
  return "write b.ts BETWEEN a.ts - INTERVAL '10 minutes' AND a.ts";
}

// How to have the rows forgotten: by the bounds that are missing.
std::string advice_for_bounds(const Conjuncts& conjuncts, const JoinSides& sides) {
  const bool has_months =
      std::any_of(conjuncts.begin(), conjuncts.end(),
                  [](const ExpressionPtr& conjunct) { return reads_months(*conjunct); });
  return has_months ? "write the bounds on the event times in days: INTERVAL '31 days'"
                    : "bound both event times: " + bounds_to_write(sides);
}

bool appends(const JoinSides& sides) {
  return sides.left.mode.kind == ChangelogMode::Kind::append &&
         sides.right.mode.kind == ChangelogMode::Kind::append;
}

bool is_complete(const std::optional<JoinBounds>& bounds) {
  return bounds && bounds->lower_us && bounds->upper_us;
}

}  // namespace

// By time where that bounds what has to be kept; else the rows of both sides are kept.
std::optional<PlanNodeId> StepComposer::compose_join(const Relation& relation, const Join& join,
                                                     Conjuncts conjuncts) {
  const auto left = compose(join.left);
  const auto right = compose(join.right);
  if (!left || !right) return std::nullopt;
  Conjuncts all = split_conjuncts(fold(join.condition));
  all.insert(all.end(), conjuncts.begin(), conjuncts.end());
  const JoinSides sides{draft_.node(*left), draft_.node(*right), join.kind};
  const JoinConditions by_time = analyse_join(all, sides);
  if (is_complete(by_time.bounds) && appends(sides)) {
    return compose_interval_join(relation, by_time, sides);
  }
  const JoinConditions by_keys = analyse_join_without_time(all, sides);
  if (by_keys.left_keys.empty()) {
    return error(ErrorCode::unsupported_join, relation.position(),
                 "ON has no column of one side that equals one of the other, and does not bound "
                 "both event times (time columns: " +
                     time_columns_of(*left) + " and " + time_columns_of(*right) + ")",
                 "write an equality, as a.id = b.id; or " + advice_for_bounds(all, sides));
  }
  if (step_.settings.ttl_us == 0) {
    const bool could_be_bounded =
        appends(sides) && !sides.left.time_columns.empty() && !sides.right.time_columns.empty();
    problems_.warning(ErrorCode::unbounded_state, sql(), relation.position(),
                      "the rows of both sides of this join are kept for ever",
                      "give the step a `state: {ttl: …}`" +
                          (could_be_bounded ? ", or " + advice_for_bounds(all, sides) : ""));
  }
  return compose_regular_join(relation, by_keys, sides);
}

std::optional<PlanNodeId> StepComposer::compose_interval_join(const Relation& relation,
                                                              const JoinConditions& conditions,
                                                              const JoinSides& sides) {
  const JoinBounds& bounds = *conditions.bounds;
  if (*bounds.lower_us > *bounds.upper_us) {
    return error(ErrorCode::unsupported_join, relation.position(),
                 "the bounds on the event times exclude each other");
  }
  PlanIntervalJoin operation{.kind = sides.kind};
  operation.left = {{}, bounds.left_column, 0, late_policy()};
  operation.right = {{}, bounds.right_column, 0, late_policy()};
  operation.lower_us = *bounds.lower_us;
  operation.upper_us = *bounds.upper_us;
  const JoinInputs inputs = join_inputs(relation, conditions, sides);
  operation.left.keys = inputs.left_keys;
  operation.right.keys = inputs.right_keys;
  operation.residual = inputs.residual;
  return finish_join(relation, std::move(operation), inputs);
}

std::optional<PlanNodeId> StepComposer::compose_regular_join(const Relation& relation,
                                                             const JoinConditions& conditions,
                                                             const JoinSides& sides) {
  const bool sends_changes = !appends(sides) || sides.kind == JoinKind::left;
  for (const ExpressionPtr& conjunct : conditions.residual) {
    if (!sends_changes || is_deterministic(*conjunct)) continue;
    return error(ErrorCode::volatile_key, relation.position(),
                 "now() cannot judge the pairs of this join: it would judge one otherwise when it "
                 "is taken back",
                 "compare with a time column of the rows");
  }
  const JoinInputs inputs = join_inputs(relation, conditions, sides);
  PlanRegularJoin operation{.left_keys = inputs.left_keys,
                            .right_keys = inputs.right_keys,
                            .kind = sides.kind,
                            .residual = inputs.residual,
                            .ttl_us = step_.settings.ttl_us};
  return finish_join(relation, std::move(operation), inputs);
}

// The sides with their own conditions before them and keys that are columns, and what is left.
StepComposer::JoinInputs StepComposer::join_inputs(const Relation& relation,
                                                   const JoinConditions& conditions,
                                                   const JoinSides& sides) {
  JoinInputs inputs;
  // Adding nodes moves those of the draft.
  const PlanNodeId left = sides.left.id;
  const PlanNodeId right = sides.right.id;
  inputs.left_columns = sides.left.schema->size();
  inputs.right_columns = sides.right.schema->size();
  inputs.left =
      join_side(left, conditions.left_only, conditions.left_keys, inputs.left_keys, relation);
  inputs.right =
      join_side(right, conditions.right_only, conditions.right_keys, inputs.right_keys, relation);
  inputs.residual = over_grown_sides(combine_conjuncts(conditions.residual), inputs.left_columns,
                                     inputs.right_columns, draft_.node(inputs.left).schema->size());
  return inputs;
}

// One input of the join: its own conditions first, then keys that are not columns yet.
PlanNodeId StepComposer::join_side(PlanNodeId input, const Conjuncts& own, const Conjuncts& keys,
                                   std::vector<size_t>& key_columns, const Relation& relation) {
  const PlanNodeId filtered = add_filter(relation, input, own);
  const SchemaPtr schema = draft_.node(filtered).schema;
  std::vector<Field> fields = schema->fields();
  std::vector<ExpressionPtr> expressions;
  for (size_t i = 0; i < schema->size(); ++i) {
    expressions.push_back(column_reference(i, (*schema)[i].type));
  }
  for (const ExpressionPtr& key : keys) {
    key_columns.push_back(key_column(key, expressions, fields));
  }
  if (expressions.size() == schema->size()) return filtered;
  return add_project(relation, filtered, std::move(expressions),
                     std::make_shared<Schema>(std::move(fields)));
}

// Names the joined columns as the relation does, and drops computed keys again.
PlanNodeId StepComposer::finish_join(const Relation& relation, Operation operation,
                                     const JoinInputs& inputs) {
  const Schema& left = *draft_.node(inputs.left).schema;
  const Schema& right = *draft_.node(inputs.right).schema;
  const Schema& joined = *relation.schema();
  std::vector<Field> fields;
  std::vector<ExpressionPtr> expressions;
  const auto take = [&](size_t own, const Schema& side, size_t first) {
    for (size_t i = 0; i < side.size(); ++i) {
      const bool is_own = i < own;
      if (is_own) expressions.push_back(column_reference(fields.size(), side[i].type));
      fields.push_back(is_own ? joined[first + i] : side[i]);
    }
  };
  take(inputs.left_columns, left, 0);
  take(inputs.right_columns, right, inputs.left_columns);
  const bool has_computed_keys = fields.size() > joined.size();
  const PlanNodeId id = draft_.add(make(relation, std::move(operation), {inputs.left, inputs.right},
                                        std::make_shared<Schema>(std::move(fields))));
  if (!has_computed_keys) return id;
  return add_project(relation, id, std::move(expressions), relation.schema());
}

}  // namespace sluice
