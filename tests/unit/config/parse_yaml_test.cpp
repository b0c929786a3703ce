#include <gtest/gtest.h>

#include "config/document.hpp"

namespace sluice {
namespace {

struct Parsed {
  Node root;
  std::vector<Diagnostic> problems;
};

Parsed parse(const std::string& text) {
  Diagnostics diagnostics;
  const Node root = parse_yaml(SourceText("p.yaml", text), diagnostics);
  return {root, diagnostics.sorted()};
}

struct BadCase {
  std::string name;
  std::string yaml;
  ErrorCode code;
  uint32_t line;
  uint32_t column;
};

class ParseYamlTest : public testing::TestWithParam<BadCase> {};

TEST_P(ParseYamlTest, ParseYaml_ReportsWithCodeAndPlace) {
  const BadCase& example = GetParam();

  const Parsed parsed = parse(example.yaml);

  ASSERT_EQ(parsed.problems.size(), 1U)
      << (parsed.problems.empty() ? "" : parsed.problems.back().message);
  EXPECT_EQ(error_code_text(parsed.problems[0].code), error_code_text(example.code))
      << parsed.problems[0].message;
  EXPECT_EQ(parsed.problems[0].location.line, example.line) << parsed.problems[0].message;
  EXPECT_EQ(parsed.problems[0].location.column, example.column) << parsed.problems[0].message;
}

INSTANTIATE_TEST_SUITE_P(
    Bad, ParseYamlTest,
    testing::Values(
        BadCase{"DuplicateKey", "a: 1\nb: 2\na: 3\n", ErrorCode::duplicate_key, 3, 1},
        BadCase{"DuplicateQuotedKey", "{a: 1, \"a\": 2}\n", ErrorCode::duplicate_key, 1, 8},
        BadCase{"MergeKey", "b:\n  <<: {c: 1}\n", ErrorCode::yaml_unsupported, 2, 3},
        BadCase{"Anchor", "a: &x 1\n", ErrorCode::yaml_unsupported, 1, 4},
        BadCase{"Tag", "a: !!str 1\n", ErrorCode::yaml_unsupported, 1, 4},
        BadCase{"TwoDocuments", "a: 1\n---\nb: 1\n", ErrorCode::yaml_unsupported, 2, 1},
        BadCase{"ListAsKey", "? [a, b]\n: 1\n", ErrorCode::yaml_unsupported, 1, 3},
        BadCase{"Octal", "a: 017\n", ErrorCode::ambiguous_scalar, 1, 4},
        BadCase{"BareNo", "a: [x, no]\n", ErrorCode::ambiguous_scalar, 1, 8},
        BadCase{"BareYes", "a: Yes\n", ErrorCode::ambiguous_scalar, 1, 4},
        BadCase{"BareOn", "a: on\n", ErrorCode::ambiguous_scalar, 1, 4},
        BadCase{"TabIndent", "a:\n\tb: 1\n", ErrorCode::tab_indentation, 2, 1},
        BadCase{"TabAfterSpaces", "a:\n  b: 1\n  \tc: 2\n", ErrorCode::tab_indentation, 3, 3},
        BadCase{"TabInFlow", "a: {b: 1,\n\tc: 2}\n", ErrorCode::tab_indentation, 2, 1},
        BadCase{"TabUnderLiteral", "sql: |\n\tSELECT 1\n", ErrorCode::tab_indentation, 2, 1},
        BadCase{"Unclosed", "a: {b: 1\n", ErrorCode::yaml_syntax, 2, 1},
        BadCase{"InvalidUtf8", "a: \xFF\n", ErrorCode::yaml_syntax, 1, 4},
        BadCase{"ControlCharacter", std::string("a: x\x04y\n"), ErrorCode::yaml_syntax, 1, 5},
        BadCase{"NulByte", std::string("a: \0\n", 5), ErrorCode::yaml_syntax, 1, 4},
        BadCase{"TooDeep", std::string(70, '[') + std::string(70, ']'), ErrorCode::yaml_limit, 1,
                65},
        BadCase{"LongLine", "a: 1\nb: " + std::string(20'000, 'x') + "\n", ErrorCode::yaml_limit, 2,
                1},
        BadCase{"LongKey", std::string(300, 'k') + ": 1\n", ErrorCode::yaml_unsupported, 1, 1}),
    [](const testing::TestParamInfo<BadCase>& example) { return example.param.name; });

TEST(ParseYaml, ParseYaml_ReportsEveryProblemOfTheFile) {
  const Parsed parsed = parse("a: 017\na: no\nb: {<<: 1}\n");

  EXPECT_EQ(parsed.problems.size(), 4U);
}

TEST(ParseYaml, ParseYaml_KeepsKindStylePathAndPlaces) {
  const Parsed parsed = parse("a:\n  - x: 'no'\n    y: ~\n    z:\nb: |\n  one\n  two\n");

  ASSERT_TRUE(parsed.problems.empty());
  const Node item = parsed.root["a"][0];
  EXPECT_EQ(item["x"].text(), "no");
  EXPECT_TRUE(item["x"].is_quoted());
  EXPECT_EQ(item["x"].path(), "a[0].x");
  EXPECT_EQ(item["x"].location().column, 8U);
  EXPECT_EQ(item["x"].key_location().column, 5U);
  EXPECT_TRUE(item["y"].is_null());
  EXPECT_TRUE(item["z"].is_null());
  EXPECT_EQ(item["z"].location().line, 4U);
  EXPECT_FALSE(item["none"]);
  EXPECT_EQ(parsed.root["b"].content_location().line, 6U);
  EXPECT_EQ(parsed.root["b"].content_location().column, 3U);
}

TEST(ParseYaml, ParseYaml_AcceptsTabsInsideTexts) {
  const Parsed parsed = parse("sql: |\n  SELECT\n  \t1\nb: \"x\n\ty\"\n");

  EXPECT_TRUE(parsed.problems.empty()) << parsed.problems[0].message;
  EXPECT_EQ(parsed.root["sql"].text(), "SELECT\n\t1\n");
}

TEST(ParseYaml, ParseYaml_SkipsAByteOrderMark) {
  const Parsed parsed = parse(
      "\xEF\xBB\xBF"
      "a: 1\n");

  EXPECT_EQ(parsed.root["a"].location().column, 4U);
}

TEST(ParseYaml, ParseYaml_StopsAtTooManyValues) {
  std::string text;
  for (int i = 0; i < 120'000; ++i) text += "- 1\n";

  const Parsed parsed = parse(text);

  ASSERT_EQ(parsed.problems.size(), 1U);
  EXPECT_EQ(parsed.problems[0].code, ErrorCode::yaml_limit);
}

TEST(ParseYaml, ParseYaml_EmptyFileHasNoRoot) { EXPECT_FALSE(parse("# nothing\n").root); }

}  // namespace
}  // namespace sluice
