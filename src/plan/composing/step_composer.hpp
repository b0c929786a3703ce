// StepComposer: the relation of one step to nodes. Joins and aggregates are classified on the way:
// interval or regular join, window aggregate or unwindowed. Made for one step; one thread.
#pragma once

#include <map>
#include <optional>

#include "plan/composing/compose.hpp"
#include "plan/composing/join_conditions.hpp"
#include "plan/composing/window_grouping.hpp"
#include "plan/conjuncts.hpp"

namespace sluice {

class StepComposer {
 public:
  StepComposer(const StepInput& step, PlanDraft& draft, PlanProblems& problems);

  // A relation that is used twice becomes one node. None after a problem has been reported.
  std::optional<PlanNodeId> compose(const RelationPtr& relation);
  std::optional<PlanNodeId> add_checks(PlanNodeId input);

 private:
  using MaybeNode = std::optional<PlanNodeId>;

  MaybeNode compose_new(const Relation& relation);
  MaybeNode compose_filter(const Relation& relation, const Filter& filter);
  MaybeNode compose_project(const Relation& relation, const Project& project);
  MaybeNode compose_lookup(const Relation& relation, const LookupJoin& join);
  MaybeNode compose_union(const Relation& relation, const UnionAll& all);
  MaybeNode compose_join(const Relation& relation, const Join& join, Conjuncts conjuncts);
  MaybeNode compose_aggregate(const Relation& relation, const Aggregate& aggregate);
  MaybeNode compose_window_rows(const Relation& relation, const Windowed& windowed);
  MaybeNode compose_windowed(const Relation& relation, const WindowGrouping& grouping);
  MaybeNode compose_carried(const Relation& relation, const Aggregate& aggregate, PlanNodeId input);
  MaybeNode compose_grouped(const Relation& relation, const Aggregate& aggregate, PlanNodeId input);

  MaybeNode compose_interval_join(const Relation& relation, const JoinConditions& conditions,
                                  const JoinSides& sides);
  MaybeNode compose_regular_join(const Relation& relation, const JoinConditions& conditions,
                                 const JoinSides& sides);
  struct JoinInputs {
    PlanNodeId left;
    PlanNodeId right;
    // Of the relations; behind them are keys that had to be computed.
    size_t left_columns = 0;
    size_t right_columns = 0;
    Columns left_keys;
    Columns right_keys;
    ExpressionPtr residual;
  };
  JoinInputs join_inputs(const Relation& relation, const JoinConditions& conditions,
                         const JoinSides& sides);
  PlanNodeId join_side(PlanNodeId input, const Conjuncts& own, const Conjuncts& keys,
                       Columns& key_columns, const Relation& relation);
  PlanNodeId finish_join(const Relation& relation, Operation operation, const JoinInputs& inputs);
  // The window's input with what the aggregate reads: keys, arguments, filters, event time.
  MaybeNode window_input(const Relation& relation, const WindowGrouping& grouping);
  PlanNodeId after_window(const Relation& relation, const WindowGrouping& grouping,
                          PlanNodeId window);

  PlanNode make(const Relation& relation, Operation operation, std::vector<PlanNodeId> inputs,
                SchemaPtr schema) const;
  PlanNodeId add_filter(const Relation& relation, PlanNodeId input, Conjuncts conjuncts);
  PlanNodeId add_project(const Relation& relation, PlanNodeId input,
                         std::vector<ExpressionPtr> expressions, SchemaPtr schema);
  ExpressionPtr fold(const ExpressionPtr& expression) const;
  LatePolicy late_policy() const;
  PlanText sql() const { return {"steps." + step_.settings.name + ".sql", step_.settings.sql}; }
  // Names of the time columns of a node: "create_time"; for messages.
  std::string time_columns_of(PlanNodeId id) const;
  // Rows that change must be judged the same when they are taken back: reports what reads the
  // clock.
  bool check_clock(const PlanText& text, const Expression& expression, PlanNodeId input);
  void check_projected_clock(PlanNodeId project);
  // A window's input and time column.
  bool check_window(uint32_t position, const Windowed& windowed, PlanNodeId input);
  bool check_append(uint32_t position, PlanNodeId input, const std::string& what);
  std::nullopt_t error(ErrorCode code, uint32_t position, std::string message,
                       std::string suggestion = {});

  const StepInput& step_;
  PlanDraft& draft_;
  PlanProblems& problems_;
  std::map<const Relation*, MaybeNode> composed_;
};

}  // namespace sluice
