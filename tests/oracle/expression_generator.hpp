// ExpressionGenerator: SQL expressions over the columns of the samples: single calls of a function,
// and trees of any of them with CASE, COALESCE, NULLIF, BETWEEN, AND and OR. Everything is drawn
// from the random numbers it is given. One thread.
#pragma once

#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "expr/function.hpp"
#include "oracle/samples.hpp"

namespace sluice::test {

// Whether its answer is the moment of asking: only differences of two can be compared.
bool is_clock(const Function& function);
// "lpad(text, integer)", "integer + integer", "text::date".
std::string signature_of(const Function& function);

class ExpressionGenerator {
 public:
  ExpressionGenerator(const Samples& samples, const std::vector<const Function*>& functions,
                      std::mt19937_64& random);

  // A call whose arguments are columns and constants.
  std::string call(const Function& function);
  // An expression of some type with calls in calls; no clocks.
  std::string tree();
  // The forms of SQL that are no functions, over a type: CASE, COALESCE, NULLIF, BETWEEN, …
  static constexpr std::array<std::string_view, 8> forms{
      "CASE",    "simple CASE", "COALESCE",          "NULLIF",
      "BETWEEN", "NOT BETWEEN", "BETWEEN SYMMETRIC", "IS DISTINCT FROM"};
  std::string form(std::string_view name, TypeKind type);
  // The functions used since the last time it was asked.
  std::vector<const Function*> take_used() { return std::move(used_); }

 private:
  std::string expression(TypeKind type, int depth);
  std::string leaf(std::string_view role, bool allows_constant);
  std::string special_form(TypeKind type, int depth);
  std::string call(const Function& function, int depth);
  std::string argument(const Function& function, size_t index, int depth);
  std::string render(const Function& function, const std::vector<std::string>& arguments) const;
  const Function* any_of(const std::vector<const Function*>& functions);
  bool one_in(uint64_t times) { return random_() % times == 0; }

  const Samples& samples_;
  std::mt19937_64& random_;
  std::map<TypeKind, std::vector<const Function*>> by_result_;
  std::map<TypeKind, std::vector<const Function*>> nested_by_result_;
  std::vector<const Function*> used_;
};

}  // namespace sluice::test
