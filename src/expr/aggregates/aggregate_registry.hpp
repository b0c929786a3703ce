// AggregateRegistry: every aggregate function that SQL may name, with PostgreSQL's choice among
// overloads: arguments of aggregates meet no implicit casts here. Filled once at start with the
// FunctionRegistry that it is part of, then immutable and shared by all threads. Addresses of
// functions are stable.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "expr/aggregates/aggregate_function.hpp"

namespace sluice {

class AggregateRegistry {
 public:
  void add(AggregateFunction function);

  // Of a name or an alias.
  bool has(std::string_view name) const { return by_name_.contains(name); }
  // Whether some overload is called with a star.
  bool takes_star(std::string_view name) const;
  // The overload that takes arguments of these kinds; none with a star. Errors: unknown_function,
  // type_mismatch saying what is taken.
  Result<const AggregateFunction*> resolve(std::string_view name,
                                           const std::vector<Type>& arguments) const;
  // What to write for a name of another dialect; empty: it is none.
  std::string_view advice_for(std::string_view foreign_name) const;

  // In alphabetical order, each once, aliases too.
  std::vector<std::string> names() const;
  // In the order of their registration.
  const std::deque<AggregateFunction>& all() const { return functions_; }

 private:
  std::vector<const AggregateFunction*> named(std::string_view name) const;

  std::deque<AggregateFunction> functions_;
  std::multimap<std::string, const AggregateFunction*, std::less<>> by_name_;
};

}  // namespace sluice
