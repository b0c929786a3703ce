#include "config/diagnostic.hpp"

#include <gtest/gtest.h>

#include "config/document.hpp"
#include "config/text_template.hpp"

namespace sluice {
namespace {

TEST(Render, Render_SqlErrorShowsItsLinesCaretNoteAndSuggestion) {
  const SourceText source("trade.yaml",
                          "sql: |\n  SELECT window_start,\n         count(DISTINCT order_idd)\n");
  const Diagnostic diagnostic{ErrorCode::unknown_column,      Severity::error,
                              {"trade.yaml", 3, 25, 9},       "",
                              "unknown column \"order_idd\"", "did you mean \"order_id\"?",
                              "step dwd has: order_id"};

  EXPECT_EQ(render(diagnostic, source),
            "trade.yaml:3:25  error E2104 unknown column \"order_idd\"\n"
            "  2 |   SELECT window_start,\n"
            "  3 |          count(DISTINCT order_idd)\n"
            "    |                         ^^^^^^^^^ step dwd has: order_id\n"
            "    | did you mean \"order_id\"?");
}

TEST(Render, Render_CaretStandsBelowWideCharacters) {
  const SourceText source("t.yaml", "sql: SELECT '中文', bad\n");
  const Diagnostic diagnostic{ErrorCode::unknown_column,
                              Severity::error,
                              {"t.yaml", 1, 19, 3},
                              "",
                              "unknown column",
                              "",
                              ""};

  EXPECT_EQ(render(diagnostic, source),
            "t.yaml:1:19  error E2104 unknown column\n"
            "  1 | sql: SELECT '中文', bad\n"
            "    |                     ^^^");
}

TEST(Render, Render_ControlCharactersOfTheFileDoNotReachTheTerminal) {
  const Diagnostic diagnostic{ErrorCode::invalid_value,
                              Severity::warning,
                              {"t.yaml", 1, 1, 1},
                              "",
                              "not \"\x1b[31m\"",
                              "",
                              ""};

  EXPECT_EQ(render(diagnostic, SourceText("t.yaml", "")),
            "t.yaml:1:1  warning E1303 not \" [31m\"");
}

TEST(Render, Render_LongLineIsCutAroundTheCaret) {
  const SourceText source("t.yaml", std::string(1'000, 'a') + " bad " + std::string(1'000, 'b'));
  const Diagnostic diagnostic{
      ErrorCode::unknown_column, Severity::error, {"t.yaml", 1, 1'002, 3}, "", "x", "", ""};

  const std::string text = render(diagnostic, source);

  EXPECT_LT(text.size(), 400U);
  EXPECT_NE(text.find(" bad "), std::string::npos);
}

TEST(ClosestName, ClosestName_FindsMisspeltNamesOnly) {
  const std::vector<std::string> known = {"out_of_order", "idle_after", "column"};

  EXPECT_EQ(closest_name("out_of_ordr", known), "out_of_order");
  EXPECT_EQ(closest_name("colunm", known), "column");
  EXPECT_EQ(closest_name("topic", known), "");
  EXPECT_EQ(closest_name("", known), "");
}

TEST(Diagnostics, Diagnostics_AreSortedByPlaceAndCounted) {
  Diagnostics diagnostics;
  diagnostics.error(ErrorCode::invalid_value, SourceLocation{"a", 5, 1}, "second");
  diagnostics.warning(ErrorCode::invalid_value, SourceLocation{"a", 2, 9}, "first");

  EXPECT_EQ(diagnostics.sorted()[0].message, "first");
  EXPECT_EQ(diagnostics.error_count(), 1U);
  EXPECT_EQ(diagnostics.warning_count(), 1U);
}

TEST(TextTemplate, TextTemplate_SplitsLiteralsAndColumns) {
  const auto parsed = TextTemplate::parse("ads:{{x}}:{day}:{day}/{minute}!");

  ASSERT_TRUE(parsed.has_value());
  ASSERT_EQ(parsed->parts().size(), 4U);
  EXPECT_EQ(parsed->parts()[0].literal, "ads:{x}:");
  EXPECT_EQ(parsed->parts()[0].column, "day");
  EXPECT_EQ(parsed->parts()[3].literal, "!");
  EXPECT_EQ(parsed->columns(), (std::vector<std::string>{"day", "minute"}));
}

TEST(TextTemplate, TextTemplate_RefusesMalformedText) {
  for (const char* text :
       {"", "{day}", "a:{day", "a:}", "a:{}", "a:{b{c}}", "a:{b}{c}", R"(a:{b}\{c})"}) {
    EXPECT_FALSE(TextTemplate::parse(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace sluice
