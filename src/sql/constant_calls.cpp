#include "sql/constant_calls.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "expr/evaluator.hpp"
#include "expr/expression_tree.hpp"
#include "values/time/calendar.hpp"

namespace sluice {

namespace {

// An argument that alone can make a call fail.
struct Decisive {
  std::string_view function;
  size_t argument;
};

constexpr Decisive decisive_arguments[] = {
    {"/", 1},
    {"%", 1},
    {"mod", 1},
    {"div", 1},
    {"timezone", 0},
    {"date_trunc", 0},
    {"date_bin", 0},
    {"extract", 0},
    {"date_part", 0},
    {"make_timestamptz", 6},
    {"to_char", 1},
    {"~", 1},
    {"~*", 1},
    {"!~", 1},
    {"!~*", 1},
    {"~~", 1},
    {"~~*", 1},
    {"!~~", 1},
    {"!~~*", 1},
    {"like_escape", 1},
    {"#>", 1},
    {"#>>", 1},
    {"log", 0},
    {"split_part", 2},
    {"overlay", 2},
    {"similar_to_escape", 0},
    {"substring", 1},
    {"regexp_like", 1},
    {"regexp_count", 1},
    {"regexp_instr", 1},
    {"regexp_substr", 1},
    {"regexp_replace", 1},
};

std::optional<size_t> decisive_argument(const Call& call) {
  for (const Decisive& one : decisive_arguments) {
    if (one.function == call.function->name && one.argument < call.arguments.size()) {
      return one.argument;
    }
  }
  return std::nullopt;
}

// Of the argument that decides, else of the call.
uint32_t place_of(const Expression& expression) {
  const auto* call = expression.as<Call>();
  const auto decisive = decisive_argument(*call);
  const uint32_t place =
      decisive ? call->arguments[*decisive]->position() : Expression::no_position;
  return place == Expression::no_position ? expression.position() : place;
}

bool is_constant(const Expression& expression) {
  return columns_of(expression).empty() && is_deterministic(expression);
}

// A value with which nothing fails that does not fail with most.
Value harmless(Type type) {
  switch (type.kind) {
    case TypeKind::boolean:
      return Value::of(type, uint8_t{1});
    case TypeKind::integer:
    case TypeKind::date:
      return Value::of(type, int32_t{1});
    case TypeKind::bigint:
      return Value::of(type, int64_t{1});
    case TypeKind::double_precision:
      return Value::of(type, 1.0);
    case TypeKind::numeric:
      return Value::of(type, Numeric::from_int64(1));
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return Value::of(type, us_per_day);
    case TypeKind::interval:
      return Value::of(type, Interval{0, 1, 0});
    case TypeKind::text:
      return Value::of(type, std::string());
    case TypeKind::jsonb:
      return Value::of(type, std::string("{}"));
  }
  return Value::null(type);
}

class ConstantCalls {
 public:
  explicit ConstantCalls(BindState& state) : state_(state), context_{&state.zone(), 0} {}

  // True when it fails, or a part of it, which has been reported.
  bool check(const Expression& expression, bool is_certain) {
    const bool takes_all = expression.as<Call>() != nullptr;
    bool fails = false;
    bool is_first = true;
    for (const Expression* part : children_of(expression)) {
      fails |= check(*part, is_certain && (takes_all || is_first));
      is_first = false;
    }
    const auto* call = expression.as<Call>();
    if (fails || call == nullptr || !call->function->can_fail) return fails;
    return is_constant(expression) ? check_constant(expression, is_certain)
                                   : check_argument(*call, expression);
  }

  bool has_errors() const { return has_errors_; }

 private:
  bool check_constant(const Expression& expression, bool is_certain) {
    const auto value = fold_constant(expression, context_);
    if (value) return false;
    report(value.error(), place_of(expression), is_certain,
           is_certain ? "every row" : "every row that comes here");
    return true;
  }

  bool check_argument(const Call& call, const Expression& expression) {
    const auto decisive = decisive_argument(call);
    if (!decisive || !is_constant(*call.arguments[*decisive])) return false;
    std::vector<ExpressionPtr> arguments;
    for (size_t i = 0; i < call.arguments.size(); ++i) {
      const ExpressionPtr& argument = call.arguments[i];
      // Another text than the one that is searched may be what decides.
      const bool is_subject = i == 0 && *decisive > 0;
      const bool is_unknown = !is_constant(*argument);
      if (is_unknown && argument->type().kind == TypeKind::text && !is_subject) return false;
      arguments.push_back(is_unknown ? literal(harmless(argument->type())) : argument);
    }
    const Expression sample(expression.type(), Call{call.function, std::move(arguments)});
    const auto value = fold_constant(sample, context_);
    if (value) return false;
    report(value.error(), place_of(expression), false, "every row with a value");
    return true;
  }

  void report(const Error& error, uint32_t place, bool is_error, std::string_view rows) {
    if (!reported_.insert(place).second) return;
    const std::string advice = (error.advice.empty() ? "" : error.advice + "; ") +
                               std::string(rows) + " would be a bad row";
    has_errors_ |= is_error;
    if (is_error) {
      state_.error(error.code, place, error.message, advice);
    } else {
      state_.warning(error.code, place, error.message, advice);
    }
  }

  BindState& state_;
  EvaluationContext context_;
  std::set<uint32_t> reported_;
  bool has_errors_ = false;
};

}  // namespace

bool check_constant_calls(BindState& state, const Expression& expression) {
  ConstantCalls calls(state);
  calls.check(expression, true);
  return !calls.has_errors();
}

}  // namespace sluice
