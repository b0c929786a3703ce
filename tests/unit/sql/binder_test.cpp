#include "sql/binder.hpp"

#include <gtest/gtest.h>

#include "sql/relation_text.hpp"
#include "support/golden_cases.hpp"
#include "unit/sql/trade_catalog.hpp"

namespace sluice {
namespace {

class BinderTest : public testing::Test {
 protected:
  BinderTest() {
    register_builtin_functions(functions_);
    zone_ = TimeZone::load("Asia/Shanghai").value();
  }

  BindContext context() const { return {&catalog_, &functions_, &zone_}; }

  static std::string trimmed(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
  }

  // The line a problem stands in, with its token underlined, as a user sees it.
  static std::string caret(std::string_view sql, const SqlProblem& problem) {
    size_t place = 0;
    for (uint32_t left = problem.offset; left > 0 && place < sql.size(); --left) {
      do ++place;
      while (place < sql.size() && (static_cast<uint8_t>(sql[place]) & 0xC0) == 0x80);
    }
    const size_t begin = sql.substr(0, place).rfind('\n') + 1;
    const std::string line(sql.substr(begin, sql.find('\n', begin) - begin));
    const std::string_view before = sql.substr(begin, place - begin);
    const auto spaces = std::count_if(before.begin(), before.end(), [](char c) {
      return (static_cast<uint8_t>(c) & 0xC0) != 0x80;
    });
    return "  " + line + "\n  " + std::string(static_cast<size_t>(spaces), ' ') +
           std::string(problem.length, '^') + "\n";
  }

  static std::string text(std::string_view sql, const std::vector<SqlProblem>& problems) {
    std::string text;
    for (const SqlProblem& problem : problems) {
      text += std::string(problem.is_warning ? "warning " : "error ") +
              error_code_text(problem.code) + " " + problem.message + "\n" + caret(sql, problem);
      if (!problem.suggestion.empty()) text += "  | " + problem.suggestion + "\n";
    }
    return text;
  }

  std::string bind(const std::string& sql) const {
    const BindResult result = bind_query(sql, context());
    std::string output = text(sql, result.problems);
    if (result.relation) {
      output += to_string(*result.relation) + "=> " + result.relation->schema()->to_string() + "\n";
    }
    return output;
  }

  std::string bind_scalar(const std::string& sql) const {
    const SchemaPtr schema = catalog_.find_relation("ods_page_log");
    const auto result = bind_expression(sql, *schema, context());
    std::string output = text(sql, result.problems);
    if (result.expression) {
      output += to_string(*result.expression, column_names(*schema)) +
                " :: " + type_name(result.expression->type()) + "\n";
    }
    return output;
  }

  TradeCatalog catalog_;
  FunctionRegistry functions_;
  TimeZone zone_;
};

TEST_F(BinderTest, BindQuery_GivesTheRelationOfEachQuery) {
  check_golden_folder("tests/unit/sql/queries",
                      [this](const auto& sql) { return bind(trimmed(sql)); });
}

TEST_F(BinderTest, BindQuery_PointsAtTheTokenThatIsWrong) {
  check_golden_folder("tests/unit/sql/problems",
                      [this](const auto& sql) { return bind(trimmed(sql)); });
}

TEST_F(BinderTest, BindExpression_GivesTheTypedTreeOfEachExpression) {
  check_golden_folder("tests/unit/sql/expressions",
                      [this](const auto& sql) { return bind_scalar(trimmed(sql)); });
}

TEST_F(BinderTest, BindExpression_KeepsPositionsInItsOwnText) {
  const SchemaPtr schema = catalog_.find_relation("ods_page_log");
  const auto result = bind_expression("'中文' || mid", *schema, context());
  ASSERT_TRUE(result.expression);
  EXPECT_EQ(result.expression->position(), 5u);  // characters, not bytes
}

TEST_F(BinderTest, BindQuery_RefusesTextThatIsTooLongOrTooDeep) {
  const std::string long_text = "SELECT " + std::string(70'000, ' ') + "1";
  EXPECT_EQ(bind_query(long_text, context()).problems.at(0).code, ErrorCode::sql_syntax);
  std::string sum = "1";
  for (int i = 0; i < 20'000; ++i) sum += "+1";
  const std::string deep = "SELECT " + sum + " AS x FROM ods_order";
  EXPECT_EQ(bind_query(deep, context()).problems.at(0).code, ErrorCode::sql_syntax);
  std::string terms = "1";
  for (int i = 0; i < 450; ++i) terms += "+1";
  const BindResult too_many = bind_query("SELECT " + terms + " AS x FROM ods_order", context());
  ASSERT_EQ(too_many.problems.size(), 1u);
  EXPECT_EQ(too_many.problems[0].message, "an expression is nested too deeply");
  EXPECT_EQ(too_many.problems[0].suggestion,
            "compute parts of it in a subquery or in a step before");
  std::string nested = "1";
  for (int i = 0; i < 600; ++i) nested = "(" + nested + ")+1";
  const std::string refused = "SELECT " + nested + " AS x FROM ods_order";
  EXPECT_FALSE(bind_query(refused, context()).relation);
  EXPECT_FALSE(bind_query(std::string("SELECT 1\0", 9), context()).relation);
}

TEST(ReferencedRelations, ReferencedRelations_LeavesOutNamesOfCtes) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(referenced_relations("SELECT * FROM a JOIN b ON true, c"), (Names{"a", "b", "c"}));
  EXPECT_EQ(referenced_relations("WITH x AS (SELECT * FROM a) SELECT * FROM x JOIN b ON true"),
            (Names{"a", "b"}));
  EXPECT_EQ(referenced_relations("WITH a AS (SELECT * FROM a) SELECT * FROM a"), (Names{"a"}));
  EXPECT_EQ(referenced_relations("SELECT 1 FROM TUMBLE(a, ts, INTERVAL '1 minute')"), (Names{"a"}));
  EXPECT_EQ(referenced_relations("SELECT 1 FROM HOP((SELECT * FROM q), ts, '1 s', '2 s')"),
            (Names{"q"}));
  EXPECT_EQ(referenced_relations("SELECT 1 FROM a UNION ALL SELECT 2 FROM b"), (Names{"a", "b"}));
  EXPECT_TRUE(referenced_relations("SELECT FROM WHERE").empty());
}

}  // namespace
}  // namespace sluice
