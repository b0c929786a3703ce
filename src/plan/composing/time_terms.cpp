#include "plan/composing/time_terms.hpp"

#include <string_view>

namespace sluice {

namespace {

// Further apart than this no join keeps its state; it also keeps the sums from overflowing.
constexpr int64_t largest_offset_us = 10'000 * day_us;

struct NamedOrder {
  std::string_view name;
  TimeOrder order;
};

constexpr NamedOrder orders[] = {{"<", TimeOrder::less},
                                 {"<=", TimeOrder::less_or_equal},
                                 {"=", TimeOrder::equal},
                                 {">=", TimeOrder::greater_or_equal},
                                 {">", TimeOrder::greater}};

const Interval* constant_interval(const Expression& expression) {
  const auto* constant = expression.as<Literal>();
  if (!constant || expression.type().kind != TypeKind::interval) return nullptr;
  return constant->value.is_null() ? nullptr : &constant->value.get<Interval>();
}

bool is_within_limits(const Interval& interval) {
  return interval.months == 0 && interval.days > -10'000 && interval.days < 10'000 &&
         interval.microseconds > -largest_offset_us && interval.microseconds < largest_offset_us;
}

std::optional<TimeTerm> read_term(const Expression& expression) {
  if (!expression.type().is_time()) return std::nullopt;
  if (const auto* column = expression.as<ColumnReference>()) return TimeTerm{column->index};
  const auto* call = expression.as<Call>();
  if (!call || call->function->form != FunctionForm::infix) return std::nullopt;
  const bool is_minus = call->function->name == "-";
  if (!is_minus && call->function->name != "+") return std::nullopt;
  const Interval* interval = constant_interval(*call->arguments[1]);
  const Expression* time = call->arguments[0].get();
  if (!interval && !is_minus) {
    interval = constant_interval(*call->arguments[0]);
    time = call->arguments[1].get();
  }
  if (!interval || !is_within_limits(*interval)) return std::nullopt;
  auto term = read_term(*time);
  if (!term) return std::nullopt;
  const int64_t distance = interval->days * day_us + interval->microseconds;
  term->offset_us += is_minus ? -distance : distance;
  const bool has_zone = expression.type().kind == TypeKind::timestamptz;
  if (has_zone && interval->days != 0) term->slack_us += day_slack_us;
  const bool fits = term->offset_us > -largest_offset_us && term->offset_us < largest_offset_us;
  return fits ? term : std::nullopt;
}

}  // namespace

TimeOrder turn(TimeOrder order) {
  return static_cast<TimeOrder>(static_cast<int>(TimeOrder::greater) - static_cast<int>(order));
}

std::optional<TimeComparison> read_time_comparison(const Expression& expression) {
  const auto* call = expression.as<Call>();
  if (!call || call->function->form != FunctionForm::infix) return std::nullopt;
  for (const NamedOrder& named : orders) {
    if (named.name != call->function->name) continue;
    const auto left = read_term(*call->arguments[0]);
    const auto right = read_term(*call->arguments[1]);
    const bool same_type = call->arguments[0]->type() == call->arguments[1]->type();
    if (!left || !right || !same_type) return std::nullopt;
    return TimeComparison{*left, *right, named.order};
  }
  return std::nullopt;
}

}  // namespace sluice
