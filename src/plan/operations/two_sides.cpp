#include "plan/operations/two_sides.hpp"

#include "plan/conjuncts.hpp"
#include "plan/inference/hand_on.hpp"
#include "plan/narrowing.hpp"

namespace sluice {

std::vector<ColumnSet> reads_of_sides(const NodeView& view, const ColumnSet& wanted,
                                      const ExpressionPtr& residual) {
  const size_t left_columns = view.input_columns(0);
  std::vector<ColumnSet> reads(2);
  ColumnSet both = wanted;
  add_columns(residual, both);
  for (const size_t column : both) {
    const bool of_left = column < left_columns;
    reads[of_left ? 0 : 1].insert(of_left ? column : column - left_columns);
  }
  return reads;
}

// Each left row meets at most one right row when the join's keys are unique on the right. The other
// way round, a right row meets at most one left row; but left rows without a partner have NULLs for
// the right key.
std::optional<Columns> unique_key_of_sides(const NodeView& view, JoinKind kind,
                                           const Columns& left_keys, const Columns& right_keys) {
  const auto& of_left = view.input(0).unique_key;
  const auto& of_right = view.input(1).unique_key;
  if (!of_left || !of_right) return std::nullopt;
  if (contains_all(right_keys, *of_right)) return of_left;
  Columns behind_left = *of_right;
  for (size_t& column : behind_left) column += view.input_columns(0);
  if (kind == JoinKind::inner && contains_all(left_keys, *of_left)) return behind_left;
  Columns both = *of_left;
  both.insert(both.end(), behind_left.begin(), behind_left.end());
  return both;
}

std::vector<MovedPredicate> move_to_side(const NodeView& view, JoinKind kind,
                                         const ExpressionPtr& conjunct) {
  const size_t left_columns = view.input_columns(0);
  if (reads_only(*conjunct, 0, left_columns)) return {{0, conjunct}};
  const size_t all = view.schema().size();
  if (kind != JoinKind::inner || !reads_only(*conjunct, left_columns, all)) return {};
  return {{1, shift_columns(conjunct, -static_cast<ptrdiff_t>(left_columns), all)}};
}

}  // namespace sluice
