// What PostgreSQL does with every pair of types the engine does, too: the same result type and
// value, or the same refusal.
#include <algorithm>
#include <iostream>
#include <set>

#include "expr/kernel.hpp"
#include "oracle/expression_oracle.hpp"

namespace sluice::test {

namespace {

// The engine has no arrays: it takes the array of these as text, as a constant of an array is
// written.
bool takes_array(std::string_view operation, const Type& left, const Type& right) {
  constexpr std::string_view names[] = {"#>", "#>>", "#-", "?|", "?&"};
  const bool is_pair = left.kind == TypeKind::jsonb && right.kind == TypeKind::text;
  return is_pair && std::find(std::begin(names), std::end(names), operation) != std::end(names);
}

std::set<std::string> infix_names() {
  std::set<std::string> names;
  for (const Function* function : functions().all()) {
    const bool is_list = function->name == "in" || function->name == "not in";
    if (function->form == FunctionForm::infix && !is_list) names.insert(function->name);
  }
  return names;
}

std::set<std::string> names_of_one_argument() {
  std::set<std::string> names;
  for (const Function* function : functions().all()) {
    const bool is_call = function->form == FunctionForm::function;
    if (is_call && function->arguments.size() == 1) names.insert(function->name);
  }
  return names;
}

}  // namespace

class TypePairs : public ExpressionOracle {
 protected:
  std::string column(const Type& type) { return samples_.any_of(type_name(type), random_).name; }

  void expect_same(const std::vector<Question>& questions) {
    std::vector<Coverage> coverages;
    compare_all(questions, coverages);
    Coverage total;
    for (const Coverage& coverage : coverages) total += coverage;
    std::cout << questions.size() << " expressions: " << total.text() << "\n";
    EXPECT_GT(total.values, 0u);
    EXPECT_EQ(differences_, 0u);
  }
};

TEST_F(TypePairs, Casts_AreThoseOfPostgres) {
  std::vector<Question> questions;
  for (const Type& from : types::all) {
    for (const Type& to : types::all) {
      questions.push_back({"(" + column(from) + ")::" + type_name(to), all_rows()});
    }
  }
  expect_same(questions);
}

TEST_F(TypePairs, Operators_AreThoseOfPostgres) {
  constexpr size_t rows = 2;
  std::vector<Question> questions;
  for (const std::string& operation : infix_names()) {
    for (const Type& left : types::all) {
      for (const Type& right : types::all) {
        if (takes_array(operation, left, right)) continue;
        questions.push_back(
            {"(" + column(left) + ") " + operation + " (" + column(right) + ")", first_rows(rows)});
      }
    }
  }
  expect_same(questions);
}

TEST_F(TypePairs, FunctionsOfOneArgument_TakeTheTypesPostgresTakes) {
  constexpr size_t rows = 2;
  std::vector<Question> questions;
  for (const std::string& name : names_of_one_argument()) {
    for (const Type& type : types::all) {
      questions.push_back({name + "(" + column(type) + ")", first_rows(rows)});
    }
  }
  expect_same(questions);
}

}  // namespace sluice::test
