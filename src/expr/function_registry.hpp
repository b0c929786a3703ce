// FunctionRegistry: every function, operator, cast and aggregate that SQL may name, with
// PostgreSQL's overload resolution. Filled once at start by register_builtin_functions (a
// generated, explicit list: a word in CMake per family file in expr/functions/ and per aggregate in
// expr/aggregates/functions/), then immutable and shared by all threads. Addresses of Functions are
// stable.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "expr/aggregates/aggregate_registry.hpp"
#include "expr/expression.hpp"
#include "expr/function.hpp"

namespace sluice {

struct ArgumentTypes;

class FunctionRegistry {
 public:
  void add(Function function);
  // What stands for a function of that name and form over `x::numeric`; `function.casts_first`. SQL
  // cannot name it: resolve() and cast() find it by the cast.
  void add_over_cast(Function function);

  // The call of the overload PostgreSQL would choose, with implicit casts inserted around
  // arguments. A Literal of type text that came from a quoted SQL literal is untyped ("unknown")
  // when `untyped[i]` is set: it takes the type the overload wants. Errors: type_mismatch listing
  // the overloads, unknown_function with the closest name; invalid_text, value_out_of_range when an
  // untyped literal is not a value of the type wanted. IN is infix "in" over the value and then the
  // list.
  Result<ExpressionPtr> resolve(FunctionForm form, std::string_view name,
                                std::vector<ExpressionPtr> arguments,
                                const std::vector<bool>& untyped, uint32_t position) const;
  // CAST / ::, explicit = all casts PostgreSQL allows; otherwise implicit and assignment casts
  // only. Also applies numeric(p,s). The expression itself when the types are equal.
  Result<ExpressionPtr> cast(ExpressionPtr value, Type target, bool is_explicit,
                             uint32_t position) const;
  // A quoted SQL literal (or untyped NULL) as a value of `target`. Errors: invalid_text,
  // value_out_of_range.
  Result<ExpressionPtr> type_literal(const Literal& untyped, Type target, uint32_t position) const;
  // The type that CASE, COALESCE, UNION ALL, IN … give to these, as PostgreSQL; error
  // type_mismatch.
  Result<Type> common_type(const std::vector<Type>& types, const std::vector<bool>& untyped) const;

  std::vector<const Function*> all() const;

  AggregateRegistry& aggregates() { return aggregates_; }
  const AggregateRegistry& aggregates() const { return aggregates_; }

 private:
  class RegisteredCasts;

  std::vector<const Function*> named(FunctionForm form, std::string_view name) const;
  // Null when there is none that may happen there.
  const Function* find_cast(TypeKind from, TypeKind to, CastContext allowed) const;
  Result<ExpressionPtr> call_uniform(const std::vector<const Function*>& overloads,
                                     std::vector<ExpressionPtr> arguments,
                                     const ArgumentTypes& types, Type common,
                                     uint32_t position) const;
  Result<ExpressionPtr> make_call(const Function& function, std::vector<ExpressionPtr> arguments,
                                  const std::vector<bool>& untyped, uint32_t position) const;
  ExpressionPtr call(const Function& function, Type type, std::vector<ExpressionPtr> arguments,
                     uint32_t position) const;
  const Function* find_over_cast(const Function& function, TypeKind from) const;

  std::deque<Function> functions_;
  std::multimap<std::string, const Function*, std::less<>> by_name_;
  std::multimap<std::string, Function, std::less<>> over_casts_;
  AggregateRegistry aggregates_;
};

void register_builtin_functions(FunctionRegistry& registry);

}  // namespace sluice
