#include "plan/composing/join_conditions.hpp"

#include <algorithm>

#include "plan/composing/time_terms.hpp"

namespace sluice {

namespace {

// A comparison of a time of the left side with one of the right side.
struct Compared {
  TimeTerm left;
  TimeTerm right;
  TimeOrder order;  // of left to right
  ExpressionPtr conjunct;
};

// What one of them says of right.time - left.time.
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

// The end of a window as its start and the window's size, where the side has both.
TimeTerm over_start(TimeTerm term, const WindowedResult& window) {
  const auto length = window.window->length();
  if (!length || !window.start || window.end != term.column) return term;
  term.column = *window.start;
  // Between the least and the most: what lies in the middle, give or take half of the difference.
  const int64_t half_us = (length->most_us - length->least_us + 1) / 2;
  term.offset_us += length->most_us - half_us;
  term.slack_us += half_us;
  return term;
}

class JoinAnalysis {
 public:
  JoinAnalysis(const JoinSides& sides, bool knows_time)
      : sides_(sides),
        knows_time_(knows_time),
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
    if (!knows_time_) return false;
    const bool of_left = column < left_size_;
    const PlanNode& side = of_left ? sides_.left : sides_.right;
    const size_t own = of_left ? column : column - left_size_;
    return std::any_of(side.time_columns.begin(), side.time_columns.end(),
                       [&](const TimeColumn& time) { return time.column == own; });
  }

  bool add_bound(const ExpressionPtr& conjunct) {
    const auto comparison = read_time_comparison(*conjunct);
    if (!comparison) return false;
    Compared compared{comparison->left, comparison->right, comparison->order, conjunct};
    if (compared.left.column >= left_size_) {
      std::swap(compared.left, compared.right);
      compared.order = turn(compared.order);
    }
    const bool splits = compared.left.column < left_size_ && compared.right.column >= left_size_ &&
                        is_time_column(compared.left.column) &&
                        is_time_column(compared.right.column);
    if (!splits) return false;
    compared.right.column -= left_size_;
    compared_.push_back(std::move(compared));
    return true;
  }

  static Bound bound_of(const Compared& compared) {
    // left + a OP right + b is right - left OP' a - b, where OP' is OP turned around.
    const int64_t slack = compared.left.slack_us + compared.right.slack_us;
    const int64_t distance = compared.left.offset_us - compared.right.offset_us;
    const TimeOrder order = turn(compared.order);
    Bound bound{
        {compared.left.column, compared.right.column, {}, {}}, compared.conjunct, slack == 0};
    const int64_t step = slack == 0 ? 1 : 0;
    if (order == TimeOrder::less) bound.bounds.upper_us = distance + slack - step;
    if (order == TimeOrder::less_or_equal) bound.bounds.upper_us = distance + slack;
    if (order == TimeOrder::greater) bound.bounds.lower_us = distance - slack + step;
    if (order == TimeOrder::greater_or_equal) bound.bounds.lower_us = distance - slack;
    if (order == TimeOrder::equal) {
      bound.bounds.upper_us = distance + slack;
      bound.bounds.lower_us = distance - slack;
    }
    return bound;
  }

  std::vector<Bound> bounds() const {
    std::vector<Bound> bounds;
    for (const Compared& compared : compared_) bounds.push_back(bound_of(compared));
    return bounds;
  }

  // The same with the ends of windows told by their starts, whose distance is known.
  std::vector<Bound> bounds_over_starts() const {
    std::vector<Bound> bounds;
    for (Compared compared : compared_) {
      if (sides_.left.window) compared.left = over_start(compared.left, *sides_.left.window);
      if (sides_.right.window) compared.right = over_start(compared.right, *sides_.right.window);
      bounds.push_back(bound_of(compared));
    }
    return bounds;
  }

  static bool same_columns(const JoinBounds& left, const JoinBounds& right) {
    return left.left_column == right.left_column && left.right_column == right.right_column;
  }

  static JoinBounds combined(const std::vector<Bound>& bounds, const JoinBounds& of) {
    JoinBounds all = of;
    for (const Bound& other : bounds) {
      if (same_columns(of, other.bounds)) tighten(all, other.bounds);
    }
    return all;
  }

  static bool is_complete(const std::optional<JoinBounds>& bounds) {
    return bounds && bounds->lower_us && bounds->upper_us;
  }

  // The first pair of time columns with both bounds, else the first with one.
  static std::optional<JoinBounds> best_of(const std::vector<Bound>& bounds) {
    std::optional<JoinBounds> best;
    for (const Bound& bound : bounds) {
      const JoinBounds candidate = combined(bounds, bound.bounds);
      if (!best || is_complete(candidate)) best = candidate;
      if (is_complete(best)) break;
    }
    return best;
  }

  // What is not used, or is not exact, is left for the residual.
  void choose_bounds() {
    std::vector<Bound> chosen = bounds();
    result_.bounds = best_of(chosen);
    if (!is_complete(result_.bounds)) {
      chosen = bounds_over_starts();
      result_.bounds = best_of(chosen);
    }
    for (const Bound& bound : chosen) {
      const bool is_used = same_columns(bound.bounds, *result_.bounds);
      if (!is_used || !bound.is_exact) result_.residual.push_back(bound.conjunct);
    }
  }

  ExpressionPtr to_right(const ExpressionPtr& expression) const {
    return shift_columns(expression, -static_cast<ptrdiff_t>(left_size_), size_);
  }

  const JoinSides& sides_;
  bool knows_time_;
  size_t left_size_;
  size_t size_;
  JoinConditions result_;
  std::vector<Compared> compared_;
};

}  // namespace

JoinConditions analyse_join(const Conjuncts& conjuncts, const JoinSides& sides) {
  return JoinAnalysis(sides, true).run(conjuncts);
}

JoinConditions analyse_join_without_time(const Conjuncts& conjuncts, const JoinSides& sides) {
  return JoinAnalysis(sides, false).run(conjuncts);
}

}  // namespace sluice
