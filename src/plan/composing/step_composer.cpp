#include "plan/composing/step_composer.hpp"

#include <algorithm>

#include "plan/operations/check.hpp"
#include "plan/operations/filter.hpp"
#include "plan/operations/lookup_join.hpp"
#include "plan/operations/project.hpp"
#include "plan/operations/union_all.hpp"

namespace sluice {

StepComposer::StepComposer(const StepInput& step, PlanDraft& draft, PlanProblems& problems)
    : step_(step), draft_(draft), problems_(problems) {}

std::optional<PlanNodeId> StepComposer::compose(const RelationPtr& relation) {
  const auto known = composed_.find(relation.get());
  if (known != composed_.end()) return known->second;
  const MaybeNode node = compose_new(*relation);
  composed_.emplace(relation.get(), node);
  return node;
}

std::optional<PlanNodeId> StepComposer::compose_new(const Relation& relation) {
  if (const auto* named = relation.as<NamedRelation>()) {
    const auto found = step_.relations.find(named->name);
    return found == step_.relations.end() ? std::nullopt : std::optional(found->second);
  }
  if (const auto* filter = relation.as<Filter>()) return compose_filter(relation, *filter);
  if (const auto* project = relation.as<Project>()) return compose_project(relation, *project);
  if (const auto* join = relation.as<Join>()) return compose_join(relation, *join, {});
  if (const auto* lookup = relation.as<LookupJoin>()) return compose_lookup(relation, *lookup);
  if (const auto* all = relation.as<UnionAll>()) return compose_union(relation, *all);
  if (const auto* aggregate = relation.as<Aggregate>()) {
    return compose_aggregate(relation, *aggregate);
  }
  return compose_window_rows(relation, *relation.as<Windowed>());
}

// A condition in WHERE decides as well as one in ON which rows an inner join joins; what depends on
// the clock is asked of the joined row only.
std::optional<PlanNodeId> StepComposer::compose_filter(const Relation& relation,
                                                       const Filter& filter) {
  Conjuncts conjuncts = split_conjuncts(fold(filter.predicate));
  const auto* join = filter.input->as<Join>();
  Conjuncts joining;
  if (join && join->kind == JoinKind::inner) {
    const auto volatile_ones = std::stable_partition(
        conjuncts.begin(), conjuncts.end(),
        [](const ExpressionPtr& conjunct) { return is_deterministic(*conjunct); });
    joining.assign(conjuncts.begin(), volatile_ones);
    conjuncts.erase(conjuncts.begin(), volatile_ones);
  }
  const auto input = joining.empty() ? compose(filter.input)
                                     : compose_join(*filter.input, *join, std::move(joining));
  if (!input) return std::nullopt;
  return add_filter(relation, *input, std::move(conjuncts));
}

std::optional<PlanNodeId> StepComposer::compose_project(const Relation& relation,
                                                        const Project& project) {
  const auto input = compose(project.input);
  if (!input) return std::nullopt;
  std::vector<ExpressionPtr> expressions;
  for (const ExpressionPtr& expression : project.expressions) {
    expressions.push_back(fold(expression));
  }
  return add_project(relation, *input, std::move(expressions), relation.schema());
}

std::optional<PlanNodeId> StepComposer::compose_lookup(const Relation& relation,
                                                       const LookupJoin& join) {
  const auto input = compose(join.input);
  if (!input) return std::nullopt;
  PlanLookupJoin lookup{.lookup = join.lookup, .keys = join.keys, .kind = join.kind};
  lookup.residual = join.residual ? fold(join.residual) : nullptr;
  if (lookup.residual && !check_clock(sql(), *lookup.residual, *input)) return std::nullopt;
  lookup.ttl_us = step_.settings.ttl_us;
  for (const LookupSettings& settings : step_.request.lookups) {
    if (settings.name == join.lookup) lookup.lookup_columns = settings.columns;
  }
  return draft_.add(make(relation, std::move(lookup), {*input}, relation.schema()));
}

std::optional<PlanNodeId> StepComposer::compose_union(const Relation& relation,
                                                      const UnionAll& all) {
  std::vector<PlanNodeId> inputs;
  for (const RelationPtr& branch : all.inputs) {
    const auto input = compose(branch);
    if (input) inputs.push_back(*input);
  }
  if (inputs.size() != all.inputs.size()) return std::nullopt;
  return draft_.add(make(relation, PlanUnion{}, std::move(inputs), relation.schema()));
}

std::optional<PlanNodeId> StepComposer::add_checks(PlanNodeId input) {
  const StepSettings& settings = step_.settings;
  if (settings.checks.empty()) return input;
  const SchemaPtr schema = draft_.node(input).schema;
  const BindContext context{nullptr, step_.request.functions, &step_.request.zone};
  PlanCheck operation;
  bool complete = true;
  for (size_t i = 0; i < settings.checks.size(); ++i) {
    const CheckSettings& check = settings.checks[i];
    const PlanText text{"steps." + settings.name + ".check." + std::to_string(i) + ".expr",
                        check.expression};
    const auto bound = bind_expression(check.expression, *schema, context);
    problems_.add(text, bound.problems);
    complete = complete && bound.expression;
    if (!bound.expression) continue;
    if (bound.expression->type().kind != TypeKind::boolean) {
      problems_.error(ErrorCode::type_mismatch, text, 0,
                      "a check must be boolean, not " + type_name(bound.expression->type()));
      complete = false;
    }
    complete = check_clock(text, *bound.expression, input) && complete;
    operation.checks.push_back({check.name, fold(bound.expression), check.on_fail});
  }
  if (!complete) return std::nullopt;
  PlanNode node{.owner = settings.name, .operation = std::move(operation)};
  node.inputs = {{input, {}}};
  node.on_error = settings.on_error;
  node.schema = schema;
  return draft_.add(std::move(node));
}

PlanNode StepComposer::make(const Relation& relation, Operation operation,
                            std::vector<PlanNodeId> inputs, SchemaPtr schema) const {
  PlanNode node{.owner = step_.settings.name,
                .position = relation.position(),
                .operation = std::move(operation),
                .on_error = step_.settings.on_error,
                .schema = std::move(schema)};
  for (const PlanNodeId input : inputs) node.inputs.push_back({input, {}});
  return node;
}

PlanNodeId StepComposer::add_filter(const Relation& relation, PlanNodeId input,
                                    Conjuncts conjuncts) {
  ExpressionPtr predicate = combine_conjuncts(std::move(conjuncts));
  if (!predicate) return input;
  check_clock(sql(), *predicate, input);
  const SchemaPtr schema = draft_.node(input).schema;
  return draft_.add(make(relation, PlanFilter{std::move(predicate)}, {input}, schema));
}

PlanNodeId StepComposer::add_project(const Relation& relation, PlanNodeId input,
                                     std::vector<ExpressionPtr> expressions, SchemaPtr schema) {
  const PlanNodeId id =
      draft_.add(make(relation, PlanProject{std::move(expressions)}, {input}, schema));
  check_projected_clock(id);
  return id;
}

ExpressionPtr StepComposer::fold(const ExpressionPtr& expression) const {
  return fold_constants(expression, step_.request.zone);
}

LatePolicy StepComposer::late_policy() const {
  return {.action = step_.settings.late_action, .stated_accept_us = step_.settings.late_accept_us};
}

std::string StepComposer::time_columns_of(PlanNodeId id) const {
  const PlanNode& node = draft_.node(id);
  std::string names;
  for (const TimeColumn& time : node.time_columns) {
    names += (names.empty() ? "" : ", ") + (*node.schema)[time.column].name;
  }
  return names.empty() ? "none" : names;
}

bool StepComposer::check_append(uint32_t position, PlanNodeId input, const std::string& what) {
  const PlanNode& node = draft_.node(input);
  if (node.mode.kind == ChangelogMode::Kind::append) return true;
  error(ErrorCode::updating_input, position,
        what + " takes rows that never change, but those of " + node.owner + " do",
        "aggregate without a window, or set late.accept to 0 and emit at window_end in the steps "
        "before");
  return false;
}

std::nullopt_t StepComposer::error(ErrorCode code, uint32_t position, std::string message,
                                   std::string suggestion) {
  problems_.error(code, sql(), position, std::move(message), std::move(suggestion));
  return std::nullopt;
}

std::optional<PlanNodeId> compose_step(const StepInput& step, const RelationPtr& relation,
                                       PlanDraft& draft, PlanProblems& problems) {
  StepComposer composer(step, draft, problems);
  const auto root = composer.compose(relation);
  return root ? composer.add_checks(*root) : std::nullopt;
}

}  // namespace sluice
