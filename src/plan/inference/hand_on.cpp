#include "plan/inference/hand_on.hpp"

#include <algorithm>
#include <numeric>

namespace sluice {

TimeProperties hand_on_times(const NodeView& view) {
  const PlanNode& input = view.input();
  return {input.late_rows, input.time_columns, input.window};
}

ChangeProperties hand_on_changes(const NodeView& view) {
  return {view.input().mode, view.input().unique_key};
}

Placement stay_in_place(const NodeView& view) {
  return {std::vector<Exchange>(view.inputs()), view.input().distributed_by};
}

void need_retractions(ChangeProperties& changes) {
  if (changes.mode.kind == ChangelogMode::Kind::upsert) {
    changes.mode = {ChangelogMode::Kind::retract, {}};
  }
}

std::optional<int64_t> lag_of(const PlanNode& node, size_t column) {
  for (const TimeColumn& time : node.time_columns) {
    if (time.column == column) return time.lag_us;
  }
  return std::nullopt;
}

LateRows accept_late(LatePolicy& policy, const LateRows& input) {
  policy.refuses = input.unbounded;
  policy.accept_us =
      input.unbounded ? std::max(policy.stated_accept_us, input.accepted_us) : input.accepted_us;
  return {false, policy.accept_us};
}

LateRows later_of(const LateRows& left, const LateRows& right) {
  return {left.unbounded || right.unbounded, std::max(left.accepted_us, right.accepted_us)};
}

Exchange gather(const PlanNode& input, const Columns& keys) {
  if (input.distributed_by == keys) return {};
  return {Exchange::Kind::hash, keys};
}

bool contains_all(const Columns& all, const Columns& some) {
  return std::all_of(some.begin(), some.end(), [&](size_t column) {
    return std::find(all.begin(), all.end(), column) != all.end();
  });
}

Columns first_columns(size_t count) {
  Columns columns(count);
  std::iota(columns.begin(), columns.end(), size_t{0});
  return columns;
}

std::optional<Columns> columns_after(const std::vector<ExpressionPtr>& expressions,
                                     const Columns& columns) {
  Columns after;
  for (const size_t column : columns) {
    const auto found =
        std::find_if(expressions.begin(), expressions.end(), [&](const ExpressionPtr& expression) {
          const auto* reference = expression->as<ColumnReference>();
          return reference && reference->index == column;
        });
    if (found == expressions.end()) return std::nullopt;
    after.push_back(static_cast<size_t>(found - expressions.begin()));
  }
  return after;
}

}  // namespace sluice
