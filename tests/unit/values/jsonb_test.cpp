#include <gtest/gtest.h>

#include "values/json/jsonb_text.hpp"
#include "values/value_text.hpp"

namespace sluice {
namespace {

struct Case {
  const char* text;
  const char* expected;  // "E…": the code of the error
};

class Jsonb : public testing::TestWithParam<Case> {};

TEST_P(Jsonb, IsCanonicalAsInPostgres) {
  const auto canonical = canonical_jsonb(GetParam().text);
  EXPECT_EQ(canonical ? *canonical : error_code_text(canonical.error().code), GetParam().expected)
      << GetParam().text << (canonical ? "" : " " + canonical.error().message);
}

constexpr Case cases[] = {
    {R"({"b":1,"a":2})", R"({"a": 2, "b": 1})"},
    {R"({"bb":1,"a":2,"c":[1,2,{"z":1,"y":null}]})",
     R"({"a": 2, "c": [1, 2, {"y": null, "z": 1}], "bb": 1})"},
    {R"({"a":1,"b":0,"a":2})", R"({"a": 2, "b": 0})"},
    {R"({"a":1,"a":{"x":1},"a":3})", R"({"a": 3})"},
    {R"({"":1," ":2})", R"({"": 1, " ": 2})"},
    {R"({"\u00e9":1,"z":2,"é":3})", R"({"z": 2, "é": 3})"},
    {"{}", "{}"},
    {" [ ] ", "[]"},
    {R"({"a":{},"b":[]})", R"({"a": {}, "b": []})"},
    {"[1,true,false,null,\"x\"]", R"([1, true, false, null, "x"])"},
    {"1", "1"},
    {" 1 ", "1"},
    {"\"x\"", "\"x\""},
    {"true", "true"},
    {"null", "null"},
    {"1.50", "1.50"},
    {"1e5", "100000"},
    {"1.5e3", "1500"},
    {"1.50e1", "15.0"},
    {"1E-3", "0.001"},
    {"-0", "0"},
    {"-0.0", "0.0"},
    {"0e10", "0"},
    {"0.0e3", "0"},
    {"-12.5e-1", "-1.25"},
    {"0.00e1", "0.0"},
    {"100e-2", "1.00"},
    {"12345678901234567890123456789012345678901234567890.10",
     "12345678901234567890123456789012345678901234567890.10"},
    {"1e40", "10000000000000000000000000000000000000000"},
    {"[1e400000]", "E3102"},
    {R"("\u0041\n\t\"\\\/\b\f\r")", R"("A\n\t\"\\/\b\f\r")"},
    {R"("\u0001\u001f")", R"("\u0001\u001f")"},
    {R"("\ud83d\ude00")", "\"\xF0\x9F\x98\x80\""},
    {R"("\u0000")", "E3103"},
    {R"("\ud800")", "E3103"},
    {R"("\udc00")", "E3103"},
    {R"({"\u0000":1})", "E3103"},
    {"", "E3103"},
    {" ", "E3103"},
    {"1 2", "E3103"},
    {"1,2", "E3103"},
    {"1],[2", "E3103"},
    {"[1]]", "E3103"},
    {"[1", "E3103"},
    {"[1,]", "E3103"},
    {"[,1]", "E3103"},
    {"[1 2]", "E3103"},
    {R"({"a"})", "E3103"},
    {R"({"a":})", "E3103"},
    {R"({"a":1,})", "E3103"},
    {R"({a:1})", "E3103"},
    {R"({"a":1 "b":2})", "E3103"},
    {R"({"a":{"b":1})", "E3103"},
    {"tru", "E3103"},
    {"truex", "E3103"},
    {"nul", "E3103"},
    {"nullx", "E3103"},
    {"[nulls]", "E3103"},
    {"01", "E3103"},
    {"1.", "E3103"},
    {".5", "E3103"},
    {"+1", "E3103"},
    {"1e", "E3103"},
    {"1e+", "E3103"},
    {"1x", "E3103"},
    {"--1", "E3103"},
    {"NaN", "E3103"},
    {"'x'", "E3103"},
    {"\"a\nb\"", "E3103"},
    {"\"a", "E3103"},
    {"\"\\q\"", "E3103"},
    {"\"\xff\"", "E3103"},
};

INSTANTIATE_TEST_SUITE_P(Table, Jsonb, testing::ValuesIn(cases));

TEST(Jsonb, CanonicalTextIsItsOwnCanonicalText) {
  for (const Case& c : cases) {
    if (c.expected[0] == 'E') continue;
    EXPECT_EQ(canonical_jsonb(c.expected).value_or("error"), c.expected);
  }
}

TEST(Jsonb, ErrorLeavesTheOutputAndTheCanonicalizerUsable) {
  Allowance allowance;
  JsonbCanonicalizer canonicalizer;
  std::string out = "before ";
  EXPECT_FALSE(canonicalizer.append(R"({"a":1,"b":[1,)", allowance, out));
  EXPECT_EQ(out, "before ");
  EXPECT_TRUE(canonicalizer.append(R"({"b":1,"a":1})", allowance, out));
  EXPECT_EQ(out, R"(before {"a": 1, "b": 1})");
}

TEST(Jsonb, DeepNestingIsRefusedNotACrash) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const auto canonical = canonical_jsonb(deep);
  ASSERT_FALSE(canonical.has_value());
  EXPECT_EQ(canonical.error().code, ErrorCode::invalid_text);
}

}  // namespace
}  // namespace sluice
