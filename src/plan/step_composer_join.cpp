// StepComposer's joins of two streams.
#include <algorithm>

#include "expr/expression_tree.hpp"
#include "plan/operations/interval_join.hpp"
#include "plan/step_composer.hpp"
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

struct MissingBound {
  std::string message;
  std::string advice;
};

std::string bounds_to_write(const JoinSides& sides) {
  if (sides.left.window && sides.right.window) return "write a.window_start = b.window_start";
  if (sides.left.window) return "write b.ts >= a.window_start AND b.ts < a.window_end";
  if (sides.right.window) return "write a.ts >= b.window_start AND a.ts < b.window_end";
  return "write b.ts BETWEEN a.ts - INTERVAL '10 minutes' AND a.ts";
}

MissingBound missing_bound(const std::optional<JoinBounds>& bounds, const Conjuncts& conjuncts,
                           const JoinSides& sides) {
  const bool has_months =
      std::any_of(conjuncts.begin(), conjuncts.end(),
                  [](const ExpressionPtr& conjunct) { return reads_months(*conjunct); });
  if (has_months) {
    return {"ON bounds the event times by months or years, which have no constant length",
            "write it in days: INTERVAL '31 days'"};
  }
  return {bounds ? "ON bounds the event times on one side only"
                 : "ON does not bound the event times of both sides",
          bounds_to_write(sides)};
}

}  // namespace

std::optional<PlanNodeId> StepComposer::compose_join(const Relation& relation, const Join& join,
                                                     Conjuncts conjuncts) {
  const uint32_t position = relation.position();
  const auto left = compose(join.left);
  const auto right = compose(join.right);
  if (!left || !right) return std::nullopt;
  Conjuncts all = split_conjuncts(fold(join.condition));
  all.insert(all.end(), conjuncts.begin(), conjuncts.end());
  const JoinSides sides{draft_.node(*left), draft_.node(*right), join.kind};
  const JoinConditions conditions = analyse_join(all, sides);
  const auto& bounds = conditions.bounds;
  if (!bounds || !bounds->lower_us || !bounds->upper_us) {
    const MissingBound missing = missing_bound(bounds, all, sides);
    return error(ErrorCode::unsupported_join, position,
                 missing.message + " (time columns: " + time_columns_of(*left) + " and " +
                     time_columns_of(*right) + ")",
                 missing.advice);
  }
  if (*bounds->lower_us > *bounds->upper_us) {
    return error(ErrorCode::unsupported_join, position,
                 "the bounds on the event times exclude each other");
  }
  const bool left_appends = check_append(position, *left, "an interval join");
  if (!check_append(position, *right, "an interval join") || !left_appends) return std::nullopt;

  PlanIntervalJoin operation{.kind = join.kind};
  operation.left = {{}, bounds->left_column, 0, late_policy()};
  operation.right = {{}, bounds->right_column, 0, late_policy()};
  operation.lower_us = *bounds->lower_us;
  operation.upper_us = *bounds->upper_us;
  const auto left_side =
      join_side(*left, conditions.left_only, conditions.left_keys, operation.left.keys, relation);
  const auto right_side = join_side(*right, conditions.right_only, conditions.right_keys,
                                    operation.right.keys, relation);
  const size_t left_columns = draft_.node(*left).schema->size();
  const size_t right_columns = draft_.node(*right).schema->size();
  operation.residual = over_grown_sides(combine_conjuncts(conditions.residual), left_columns,
                                        right_columns, draft_.node(*left_side).schema->size());
  PlanNode node = make(relation, std::move(operation), {*left_side, *right_side}, nullptr);
  return finish_join(relation, std::move(node), left_columns, right_columns);
}

// One input of the join: its own conditions first, then keys that are not columns yet.
std::optional<PlanNodeId> StepComposer::join_side(PlanNodeId input, const Conjuncts& own,
                                                  const Conjuncts& keys,
                                                  std::vector<size_t>& key_columns,
                                                  const Relation& relation) {
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
PlanNodeId StepComposer::finish_join(const Relation& relation, PlanNode join, size_t left_columns,
                                     size_t right_columns) {
  const Schema& left = *draft_.node(join.inputs[0].node).schema;
  const Schema& right = *draft_.node(join.inputs[1].node).schema;
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
  take(left_columns, left, 0);
  take(right_columns, right, left_columns);
  join.schema = std::make_shared<Schema>(std::move(fields));
  const bool has_computed_keys = join.schema->size() > joined.size();
  const PlanNodeId id = draft_.add(std::move(join));
  if (!has_computed_keys) return id;
  return add_project(relation, id, std::move(expressions), relation.schema());
}

}  // namespace sluice
