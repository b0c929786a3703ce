// Every function of the engine, the forms of SQL, and trees of them, against a real PostgreSQL.
#include "oracle/expression_oracle.hpp"

#include <algorithm>
#include <iostream>

#include "expr/kernel.hpp"

namespace sluice::test {

namespace {

void print(const std::map<std::string, Coverage>& table) {
  for (const auto& [name, coverage] : table) std::cout << name << ": " << coverage.text() << "\n";
}

void expect_covered(const std::map<std::string, Coverage>& table) {
  for (const auto& [name, coverage] : table) {
    EXPECT_GE(coverage.compared, 50u) << name;
    EXPECT_GT(coverage.values, 0u) << name << " never gave a value";
    EXPECT_EQ(coverage.known, 0u) << name;
  }
}

// A new function takes part by being registered; one whose arguments cannot be drawn fails here.
TEST_F(ExpressionOracle, EachFunctionAndType_GivesPostgresAnswers) {
  std::vector<std::string> names;
  std::vector<Question> questions;
  for (const Function* function : functions().all()) {
    for (const std::string& sql : draw([&] { return generator_.call(*function); })) {
      names.push_back(signature_of(*function));
      questions.push_back({sql, all_rows()});
    }
  }
  std::vector<Coverage> coverages;
  compare_all(questions, coverages);
  std::map<std::string, Coverage> table;
  Coverage total;
  for (size_t i = 0; i < questions.size(); ++i) {
    table[names[i]] += coverages[i];
    total += coverages[i];
  }
  print(table);
  std::cout << table.size() << " functions by type: " << total.text() << "; " << differences_
            << " differences\n";
  EXPECT_EQ(table.size(), functions().all().size()) << "two functions have one signature";
  expect_covered(table);
  EXPECT_GE(total.values * 10, total.compared * 7) << "too few results that are not NULL";
  EXPECT_EQ(differences_, 0u);
}

TEST_F(ExpressionOracle, EachFormAndType_GivesPostgresAnswers) {
  std::vector<std::string> names;
  std::vector<Question> questions;
  for (const std::string_view form : ExpressionGenerator::forms) {
    for (const Type& type : types::all) {
      for (const std::string& sql : draw([&] { return generator_.form(form, type.kind); })) {
        names.push_back(std::string(form) + " of " + type_name(type));
        questions.push_back({sql, all_rows()});
      }
    }
  }
  std::vector<Coverage> coverages;
  compare_all(questions, coverages);
  std::map<std::string, Coverage> table;
  for (size_t i = 0; i < questions.size(); ++i) table[names[i]] += coverages[i];
  print(table);
  expect_covered(table);
  EXPECT_EQ(differences_, 0u);
}

TEST_F(ExpressionOracle, GeneratedExpressions_GivePostgresAnswers) {
  constexpr size_t wanted = 20'000;
  constexpr size_t rows_per_expression = 4;
  std::vector<Question> questions;
  std::vector<std::vector<Answer>> own;
  std::map<std::string, size_t> uses;
  Coverage drawn;  // before some of those without a value are left out
  while (questions.size() < wanted) {
    Question question{generator_.tree(), {}};
    for (size_t i = 0; i < rows_per_expression; ++i) {
      question.rows.push_back(random_() % Samples::rows);
    }
    auto answers = engine_.evaluate(question.sql);
    size_t values = 0;
    for (const size_t row : question.rows) {
      values += !answers[row].is_error() && !answers[row].is_null();
    }
    drawn.compared += question.rows.size();
    drawn.values += values;
    const auto used = generator_.take_used();
    // Most of those that fail or are NULL would tell the same again.
    if (values == 0 && random_() % 4 != 0) continue;
    for (const Function* function : used) ++uses[signature_of(*function)];
    questions.push_back(std::move(question));
    own.push_back(std::move(answers));
  }
  const auto answers = oracle_.ask(questions);
  Coverage total;
  for (size_t i = 0; i < questions.size(); ++i) compare(questions[i], own[i], answers[i], total);
  for (const auto& [signature, count] : uses) std::cout << signature << " " << count << "\n";
  for (const auto& [reason, count] : known_by_reason_) {
    std::cout << "known difference: " << reason << ": " << count << "\n";
  }
  std::cout << "results that are not NULL: " << drawn.values * 100 / drawn.compared
            << " % of all drawn, " << total.values * 100 / total.compared
            << " % of those compared\n"
            << questions.size() << " expressions: " << total.text() << "; " << differences_
            << " differences\n";
  for (const Function* function : functions().all()) {
    if (is_clock(*function)) continue;
    EXPECT_GT(uses[signature_of(*function)], 0u) << signature_of(*function) << " was never used";
  }
  EXPECT_GE(total.values * 10, total.compared * 7) << "too few results that are not NULL";
  EXPECT_LE(total.past_limits * 50, total.compared) << "too many values past limits";
  EXPECT_LE(total.known * 200, total.compared) << "too many known differences";
  EXPECT_LE(total.older * 100, total.compared) << "too many answers of an older server";
  EXPECT_EQ(differences_, 0u);
}

}  // namespace

}  // namespace sluice::test
