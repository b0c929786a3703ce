#include "config/text_map.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

struct Case {
  std::string name;
  std::string yaml;
  std::string wanted;  // looked up in the scalar's text
  uint32_t line;
  uint32_t column;
  uint32_t length;
};

class TextMapTest : public testing::TestWithParam<Case> {};

TEST_P(TextMapTest, TextMap_PointsAtTheCharactersInTheFile) {
  const Case& example = GetParam();
  const SourceText source("p.yaml", example.yaml);
  Diagnostics diagnostics;
  const Node scalar = parse_yaml(source, diagnostics)["sql"];
  ASSERT_FALSE(diagnostics.has_errors()) << diagnostics.sorted().front().message;
  const size_t byte = scalar.text().find(example.wanted);
  ASSERT_NE(byte, std::string::npos) << scalar.text();

  const SourceLocation place = TextMap(scalar, source).at_byte(byte, example.wanted.size());

  EXPECT_EQ(place.line, example.line);
  EXPECT_EQ(place.column, example.column);
  EXPECT_EQ(place.length, example.length);
}

INSTANTIATE_TEST_SUITE_P(
    Styles, TextMapTest,
    testing::Values(
        Case{"Plain", "sql: SELECT x FROM t\n", "x", 1, 13, 1},
        Case{"PlainOverTwoLines", "sql: SELECT a,\n   bad FROM t\n", "bad", 2, 4, 3},
        Case{"PlainAfterBlankLine", "sql: SELECT a,\n\n   bad FROM t\n", "bad", 3, 4, 3},
        Case{"InFlowMap", "{sql: SELECT bad FROM t}\n", "bad", 1, 14, 3},
        Case{"SingleQuoted", "sql: 'SELECT ''x'', bad'\n", "bad", 1, 21, 3},
        Case{"SingleQuotedLines", "sql: 'SELECT ''x'',\n  bad'\n", "bad", 2, 3, 3},
        Case{"DoubleQuoted", "sql: \"SELECT \\\"X\\\", bad\"\n", "bad", 1, 21, 3},
        Case{"DoubleQuotedUnicode", "sql: \"SELECT '\\u4e2d', bad\"\n", "bad", 1, 24, 3},
        Case{"DoubleQuotedEscapedEnds", "sql: \"SELECT \\\"X\\\", bad\"\n", "\"X\"", 1, 14, 5},
        Case{"DoubleQuotedEscapedAtTheEnd", "sql: \"SELECT \\\"X\\\"\"\n", "\"X\"", 1, 14, 5},
        Case{"DoubleQuotedOneEscape", "sql: \"SELECT \\u4e2d\"\n", "中", 1, 14, 6},
        Case{"SingleQuotedEscapedEnds", "sql: 'SELECT ''x'', bad'\n", "'x'", 1, 14, 5},
        Case{"DoubleQuotedJoinedLines", "sql: \"SELECT \\\n   bad\"\n", "bad", 2, 4, 3},
        Case{"Literal", "sql: |\n  SELECT a,\n    bad\n  FROM t\n", "bad", 3, 5, 3},
        Case{"LiteralFirstLine", "sql: |\n  bad\n", "bad", 2, 3, 3},
        Case{"LiteralAfterBlankLines", "sql: |\n\n\n  SELECT\n\n  bad\n", "bad", 6, 3, 3},
        Case{"LiteralKeep", "sql: |+\n  SELECT\n  bad\n\n", "bad", 3, 3, 3},
        Case{"LiteralStrip", "sql: |-\n  SELECT\n  bad\n", "bad", 3, 3, 3},
        Case{"LiteralIndicator", "sql: |2\n    SELECT\n  bad\n", "bad", 3, 3, 3},
        Case{"LiteralComment", "sql: | # note\n  SELECT\n  bad\n", "bad", 3, 3, 3},
        Case{"LiteralTab", "sql: |\n  SELECT\n  \tbad\n", "bad", 3, 4, 3},
        Case{"LiteralWindows", "sql: |\r\n  SELECT\r\n  bad\r\n", "bad", 3, 3, 3},
        Case{"AfterChinese", "sql: |\n  SELECT '中文', bad\n", "bad", 2, 16, 3},
        Case{"Chinese", "sql: |\n  SELECT '中文'\n", "中文", 2, 11, 2},
        Case{"Folded", "sql: >\n  SELECT a,\n  bad\n  FROM t\n", "bad", 3, 3, 3},
        Case{"FoldedMoreIndented", "sql: >\n  SELECT a,\n    bad\n  FROM t\n", "bad", 3, 5, 3},
        Case{"FoldedAfterBlank", "sql: >-\n  SELECT a,\n\n  bad\n  FROM t\n", "bad", 4, 3, 3},
        Case{"RangeEndsWithItsLine", "sql: |\n  SELECT bad\n  FROM t\n", "bad\nFROM", 2, 10, 3}),
    [](const testing::TestParamInfo<Case>& example) { return example.param.name; });

TEST(TextMap, TextMap_CharactersAndBytesAgreeBehindChinese) {
  const SourceText source("p.yaml", "sql: |\n  '中文' bad\n");
  Diagnostics diagnostics;
  const TextMap map(parse_yaml(source, diagnostics)["sql"], source);

  EXPECT_EQ(map.at_character(5, 3).column, 8U);
  EXPECT_EQ(map.at_byte(9, 3).column, 8U);
  EXPECT_EQ(map.at_character(5, 3).length, 3U);
}

TEST(TextMap, TextMap_BeyondTheEndPointsBehindTheLastCharacter) {
  const SourceText source("p.yaml", "sql: SELECT\n");
  Diagnostics diagnostics;
  const TextMap map(parse_yaml(source, diagnostics)["sql"], source);

  EXPECT_EQ(map.at_byte(1000, 5).line, 1U);
  EXPECT_EQ(map.at_byte(1000, 5).column, 12U);
}

}  // namespace
}  // namespace sluice
