// Queries damaged at random: whatever is left, the binder gives a relation or a problem inside of
// the text, and never both an error and a relation.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "sql/binder.hpp"
#include "support/golden_cases.hpp"
#include "unit/sql/trade_catalog.hpp"

namespace sluice {
namespace {

constexpr uint32_t seed = 20260101;
constexpr int rounds = 40;

std::vector<std::string> words_of(const std::string& sql) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : sql) {
    const bool splits = c == ' ' || c == '\n' || c == ',' || c == '(' || c == ')' || c == '.';
    if (!splits) {
      word += c;
      continue;
    }
    if (!word.empty()) words.push_back(std::exchange(word, ""));
    words.push_back(std::string(1, c));
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

std::string damage(const std::vector<std::string>& words, const std::vector<std::string>& others,
                   std::mt19937& random) {
  std::vector<std::string> damaged = words;
  const auto pick = [&](size_t size) {
    return std::uniform_int_distribution<size_t>(0, size - 1)(random);
  };
  for (size_t changes = 1 + pick(3); changes > 0 && damaged.size() > 1; --changes) {
    const size_t place = pick(damaged.size());
    switch (pick(4)) {
      case 0:
        damaged.erase(damaged.begin() + static_cast<ptrdiff_t>(place));
        break;
      case 1:
        damaged[place] = others[pick(others.size())];
        break;
      case 2:
        std::swap(damaged[place], damaged[pick(damaged.size())]);
        break;
      default:
        damaged.insert(damaged.begin() + static_cast<ptrdiff_t>(place), damaged[place]);
    }
  }
  std::string sql;
  for (const std::string& word : damaged) sql += word;
  return sql;
}

TEST(DamagedQuery, BindQuery_GivesARelationOrAProblemInsideTheText) {
  const TradeCatalog catalog;
  FunctionRegistry functions;
  register_builtin_functions(functions);
  const TimeZone zone;
  const BindContext context{&catalog, &functions, &zone};
  std::mt19937 random(seed);
  std::vector<std::string> queries;
  std::vector<std::string> vocabulary;
  for (const char* file : {"trade", "select", "aggregates", "windows"}) {
    const std::string path = std::string(SLUICE_SOURCE_DIR) + "/tests/unit/sql/queries/" + file;
    for (const GoldenCase& golden : read_golden_cases(path + ".txt")) {
      queries.push_back(golden.input);
      const auto words = words_of(golden.input);
      vocabulary.insert(vocabulary.end(), words.begin(), words.end());
    }
  }
  ASSERT_FALSE(queries.empty());
  for (const std::string& query : queries) {
    const auto words = words_of(query);
    for (int round = 0; round < rounds; ++round) {
      const std::string sql = damage(words, vocabulary, random);
      SCOPED_TRACE("seed " + std::to_string(seed) + ": " + sql);
      const BindResult result = bind_query(sql, context);
      const bool has_error = std::any_of(result.problems.begin(), result.problems.end(),
                                         [](const SqlProblem& p) { return !p.is_warning; });
      ASSERT_NE(result.relation != nullptr, has_error);
      for (const SqlProblem& problem : result.problems) {
        EXPECT_LE(problem.offset, sql.size());
        EXPECT_GE(problem.length, 1u);
        EXPECT_FALSE(problem.message.empty());
      }
    }
  }
}

}  // namespace
}  // namespace sluice
