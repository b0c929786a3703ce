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

// NAME(a, b) and other ways of writing two or three operands that are not calls of operators.
std::vector<std::string> forms_over(const std::string& a, const std::string& b) {
  return {"nullif(" + a + ", " + b + ")",
          "coalesce(" + a + ", " + b + ")",
          "greatest(" + a + ", " + b + ")",
          "least(" + a + ", " + b + ")",
          "CASE WHEN boolean_1 THEN " + a + " ELSE " + b + " END",
          "CASE " + a + " WHEN " + b + " THEN 1 ELSE 2 END",
          a + " IN (" + b + ")",
          a + " BETWEEN " + b + " AND " + a};
}

std::vector<std::string> forms_over(const std::string& a, const std::string& b,
                                    const std::string& c) {
  return {a + " IN (" + b + ", " + c + ")",
          a + " NOT IN (" + b + ", " + c + ")",
          "coalesce(" + a + ", " + b + ", " + c + ")",
          "greatest(" + a + ", " + b + ", " + c + ")",
          "CASE " + a + " WHEN " + b + " THEN 1 WHEN " + c + " THEN 2 ELSE 3 END",
          a + " BETWEEN SYMMETRIC " + b + " AND " + c};
}

// The types that have a common one.
const std::vector<std::vector<Type>> families{
    {types::integer, types::bigint, types::numeric, types::double_precision},
    {types::date, types::timestamp, types::timestamptz},
};

}  // namespace

class TypePairs : public ExpressionOracle {
 protected:
  std::string column(const Type& type) { return samples_.any_of(type_name(type), random_).name; }

  // Of any text of the type's samples.
  std::string literal(const Type& type) {
    const std::vector<std::string>& texts = sample_texts(type_name(type));
    return test::quoted(texts[random_() % texts.size()]);
  }

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

TEST_F(TypePairs, FormsOfTwoOperands_GiveTheTypesAndValuesOfPostgres) {
  constexpr size_t rows = 4;
  std::vector<Question> questions;
  const auto ask = [&](const std::string& left, const std::string& right) {
    for (const std::string& form : forms_over(left, right)) {
      questions.push_back({form, first_rows(rows)});
    }
  };
  for (const Type& left : types::all) {
    for (const Type& right : types::all) {
      ask(column(left), column(right));
      ask(column(left), literal(right) + "::" + type_name(right));
    }
    ask(column(left), literal(left));
    ask(literal(left), column(left));
    ask(column(left), "NULL");
    ask("NULL", column(left));
  }
  ask("3", "numeric_1");
  ask("1", "2.2");
  ask("integer_1", "1.0");
  ask("1.5", "double_precision_1");
  expect_same(questions);
}

TEST_F(TypePairs, FormsOfThreeOperands_LetThemMeetAsPostgresDoes) {
  std::vector<Question> questions;
  const auto ask = [&](const std::string& first, const std::string& second,
                       const std::string& third) {
    for (const std::string& form : forms_over(first, second, third)) {
      questions.push_back({form, all_rows()});
    }
  };
  for (const std::vector<Type>& family : families) {
    for (const Type& first : family) {
      for (const Type& second : family) {
        for (const Type& third : family) {
          ask(column(first), column(second), column(third));
          ask(column(first), column(second), literal(third) + "::" + type_name(third));
        }
      }
    }
  }
  // Beyond 2^53, doubles that are equal are no longer equal as other numbers.
  ask("9007199254740993", "9007199254740992::double precision + 0 * double_precision_1",
      "9007199254740992.5 + 0 * numeric_1");
  ask("9007199254740993", "9007199254740992::double precision", "9007199254740992.5");
  ask("9007199254740993 + bigint_1 * 0", "9007199254740992 + bigint_1 * 0",
      "1.5::double precision");
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
