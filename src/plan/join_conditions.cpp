#include "plan/join_conditions.hpp"

#include <algorithm>

#include "plan/time_terms.hpp"

namespace sluice {

namespace {

// One comparison of the two sides' times.
struct Bound {
  JoinBounds bounds;
  ExpressionPtr conjunct;
  bool is_exact;  // else the comparison itself has to be kept
};

bool is_equality(const Call& call) {
  return call.function->form == FunctionForm::infix && call.function->name == "=";
}

void tighten(JoinBounds& bounds, const JoinBounds& other) {
  if (other.lower_us) {
    bounds.lower_us = std::max(bounds.lower_us.value_or(INT64_MIN), *other.lower_us);
  }
  if (other.upper_us) {
    bounds.upper_us = std::min(bounds.upper_us.value_or(INT64_MAX), *other.upper_us);
  }
}

class JoinAnalysis {
 public:
  JoinAnalysis(const JoinSides& sides)
      : sides_(sides),
        left_size_(sides.left.schema->size()),
        size_(left_size_ + sides.right.schema->size()) {}

  JoinConditions run(const Conjuncts& conjuncts) {
    for (const ExpressionPtr& conjunct : conjuncts) add(conjunct);
    choose_bounds();
    return std::move(result_);
  }

 private:
  void add(const ExpressionPtr& conjunct) {
    const bool is_inner = sides_.kind == JoinKind::inner;
    const bool left_only = reads_only(*conjunct, 0, left_size_);
    const bool right_only = reads_only(*conjunct, left_size_, size_);
    if (right_only && !left_only) {
      result_.right_only.push_back(to_right(conjunct));
    } else if (left_only && is_inner) {
      result_.left_only.push_back(conjunct);
    } else if (!add_bound(conjunct) && !add_key(conjunct)) {
      result_.residual.push_back(conjunct);
    }
  }

  bool add_key(const ExpressionPtr& conjunct) {
    const auto* call = conjunct->as<Call>();
    if (!call || !is_equality(*call)) return false;
    ExpressionPtr left = call->arguments[0];
    ExpressionPtr right = call->arguments[1];
    if (!reads_only(*left, 0, left_size_)) std::swap(left, right);
    const bool splits = reads_only(*left, 0, left_size_) && reads_only(*right, left_size_, size_) &&
                        !columns_of(*left).empty() && !columns_of(*right).empty();
    if (!splits) return false;
    result_.left_keys.push_back(left);
    result_.right_keys.push_back(to_right(right));
    return true;
  }

  bool is_time_column(size_t column) const {
    const bool of_left = column < left_size_;
    const PlanNode& side = of_left ? sides_.left : sides_.right;
    const size_t own = of_left ? column : column - left_size_;
    return std::any_of(side.time_columns.begin(), side.time_columns.end(),
                       [&](const TimeColumn& time) { return time.column == own; });
  }

  bool add_bound(const ExpressionPtr& conjunct) {
    const auto comparison = read_time_comparison(*conjunct);
    if (!comparison) return false;
    const TimeTerm* left = &comparison->left;
    const TimeTerm* right = &comparison->right;
    const bool turned = left->column >= left_size_;
    if (turned) std::swap(left, right);
    const bool splits = left->column < left_size_ && right->column >= left_size_ &&
                        is_time_column(left->column) && is_time_column(right->column);
    if (!splits) return false;
    // left + a OP right + b is right - left OP' a - b, where OP' is OP turned around.
    const int64_t slack = left->slack_us + right->slack_us;
    const int64_t distance = left->offset_us - right->offset_us;
    const TimeOrder order = turned ? comparison->order : turn(comparison->order);
    Bound bound{{left->column, right->column - left_size_, {}, {}}, conjunct, slack == 0};
    const int64_t step = slack == 0 ? 1 : 0;
    if (order == TimeOrder::less) bound.bounds.upper_us = distance + slack - step;
    if (order == TimeOrder::less_or_equal) bound.bounds.upper_us = distance + slack;
    if (order == TimeOrder::greater) bound.bounds.lower_us = distance - slack + step;
    if (order == TimeOrder::greater_or_equal) bound.bounds.lower_us = distance - slack;
    if (order == TimeOrder::equal) {
      bound.bounds.upper_us = distance + slack;
      bound.bounds.lower_us = distance - slack;
    }
    bounds_.push_back(std::move(bound));
    return true;
  }

  static bool same_columns(const JoinBounds& left, const JoinBounds& right) {
    return left.left_column == right.left_column && left.right_column == right.right_column;
  }

  JoinBounds combined(const JoinBounds& of) const {
    JoinBounds bounds = of;
    for (const Bound& other : bounds_) {
      if (same_columns(of, other.bounds)) tighten(bounds, other.bounds);
    }
    return bounds;
  }

  // The first pair of time columns with both bounds, else the first with one. What is not used, or
  // is not exact, is left for the residual.
  void choose_bounds() {
    for (const Bound& bound : bounds_) {
      const JoinBounds candidate = combined(bound.bounds);
      const bool is_complete = candidate.lower_us && candidate.upper_us;
      if (!result_.bounds || is_complete) result_.bounds = candidate;
      if (is_complete) break;
    }
    for (const Bound& bound : bounds_) {
      const bool is_used = same_columns(bound.bounds, *result_.bounds);
      if (!is_used || !bound.is_exact) result_.residual.push_back(bound.conjunct);
    }
  }

  ExpressionPtr to_right(const ExpressionPtr& expression) const {
    return shift_columns(expression, -static_cast<ptrdiff_t>(left_size_), size_);
  }

  const JoinSides& sides_;
  size_t left_size_;
  size_t size_;
  JoinConditions result_;
  std::vector<Bound> bounds_;
};

}  // namespace

JoinConditions analyse_join(const Conjuncts& conjuncts, const JoinSides& sides) {
  return JoinAnalysis(sides).run(conjuncts);
}

}  // namespace sluice
