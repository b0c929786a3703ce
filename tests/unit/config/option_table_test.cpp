#include <gtest/gtest.h>

#include "config/document.hpp"
#include "config/option_spec.hpp"

namespace sluice {
namespace {

const OptionTable table = {
    {"topic", OptionKind::text, true},
    {"start", OptionKind::choice, false, "earliest", "", {"earliest", "latest"}},
    {"wait", OptionKind::duration, false, "50ms", "", {}, 1'000, 60'000'000},
    {"buffer", OptionKind::bytes, false, "16MiB"},
    {"count", OptionKind::integer, false, "", "", {}, 1, 64},
    {"key", OptionKind::text_list},
    {"pattern", OptionKind::text_template},
    {"strict", OptionKind::boolean, false, "true"},
    {"alias", OptionKind::name},
    {"password", OptionKind::secret}};

struct Read {
  Options options;
  std::vector<Diagnostic> problems;
};

Read read(const std::string& yaml) {
  Diagnostics diagnostics;
  const Node root = parse_yaml(SourceText("p.yaml", yaml), diagnostics);
  Options options = table.read(root, "kafka", diagnostics);
  return {options, diagnostics.sorted()};
}

TEST(OptionTable, OptionTable_ReadsGivenFieldsAndDefaults) {
  const auto [options, problems] =
      read("{topic: t, start: latest, key: [a, b], count: 3, strict: false, password: s}");

  ASSERT_TRUE(problems.empty()) << problems[0].message;
  EXPECT_EQ(options.text("topic"), "t");
  EXPECT_EQ(options.text("start"), "latest");
  EXPECT_EQ(options.duration_us("wait"), 50'000);
  EXPECT_EQ(options.bytes("buffer"), 16 << 20);
  EXPECT_EQ(options.integer("count"), 3);
  EXPECT_EQ(options.list("key"), (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(options.boolean("strict"));
  EXPECT_EQ(options.secret("password").reveal(), "s");
  EXPECT_TRUE(options.is_given("start"));
  EXPECT_FALSE(options.is_given("wait"));
  EXPECT_TRUE(options.has("wait"));
  EXPECT_FALSE(options.has("pattern"));
}

TEST(OptionTable, OptionTable_OneTextIsAListOfOne) {
  EXPECT_EQ(read("{topic: t, key: id}").options.list("key"), std::vector<std::string>{"id"});
}

struct BadCase {
  std::string name;
  std::string yaml;
  std::string rendered;
};

class OptionTableTest : public testing::TestWithParam<BadCase> {};

TEST_P(OptionTableTest, OptionTable_ReportsTheField) {
  const BadCase& example = GetParam();

  const auto problems = read(example.yaml).problems;

  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(render(problems[0], SourceText("p.yaml", example.yaml)), example.rendered);
}

INSTANTIATE_TEST_SUITE_P(
    Bad, OptionTableTest,
    testing::Values(
        BadCase{"Missing", "{start: latest}",
                "p.yaml:1:1  error E1301 \"topic\" is missing in kafka"},
        BadCase{"Unknown", "{topic: t, strat: latest}",
                "p.yaml:1:12  error E1302 \"strat\" is not a field of kafka; did you mean "
                "\"start\"?"},
        BadCase{"NoValue", "{topic: }", "p.yaml:1:2  error E1303 \"topic\" has no value"},
        BadCase{"Choice", "{topic: t, start: erliest}",
                "p.yaml:1:19  error E1303 \"start\" must be one of earliest, latest, not "
                "\"erliest\"; did you mean \"earliest\"?"},
        BadCase{"Duration", "{topic: t, wait: 50}",
                "p.yaml:1:18  error E1303 \"wait\" must be a duration such as 500ms, 30s, 10m, 26h "
                "or 2d, not \"50\""},
        BadCase{"DurationTooLong", "{topic: t, wait: 2m}",
                "p.yaml:1:18  error E1303 \"wait\" must be at most 1m, not \"2m\""},
        BadCase{"DurationOverflow", "{topic: t, wait: 999999999999d}",
                "p.yaml:1:18  error E1303 \"wait\" must be a duration such as 500ms, 30s, 10m, 26h "
                "or 2d, not \"999999999999d\""},
        BadCase{"Bytes", "{topic: t, buffer: 16mb}",
                "p.yaml:1:20  error E1303 \"buffer\" must be a size such as 16kB or 512MiB, not "
                "\"16mb\""},
        BadCase{"Number", "{topic: t, count: two}",
                "p.yaml:1:19  error E1303 \"count\" must be a whole number, not \"two\""},
        BadCase{"NumberTooSmall", "{topic: t, count: 0}",
                "p.yaml:1:19  error E1303 \"count\" must be at least 1, not \"0\""},
        BadCase{"Boolean", "{topic: t, strict: maybe}",
                "p.yaml:1:20  error E1303 \"strict\" must be true or false, not \"maybe\""},
        BadCase{"ListForText", "{topic: [t]}",
                "p.yaml:1:9  error E1303 \"topic\" must be a single value, not a list"},
        BadCase{"MapForList", "{topic: t, key: {a: b}}",
                "p.yaml:1:17  error E1303 \"key\" must be a list, not a map"},
        BadCase{"Name", "{topic: t, alias: No-Good}",
                "p.yaml:1:19  error E1304 \"alias\" must match [a-z][a-z0-9_]*, not \"No-Good\""},
        BadCase{"Template", "{topic: t, pattern: \"{day}\"}",
                "p.yaml:1:21  error E1407 \"pattern\" is malformed: the template has no literal "
                "text in front; begin with literal text and name columns in braces: "
                "ads:traffic:{day}"}),
    [](const testing::TestParamInfo<BadCase>& example) { return example.param.name; });

TEST(OptionUnits, OptionUnits_FormatIsReadBackUnchanged) {
  for (const int64_t quantity :
       {0L, 1L, 999L, 1'000L, 90'000'000L, 120'000'000L, 86'400'000'000L}) {
    EXPECT_EQ(parse_duration_us(format_duration(quantity)).value(), quantity);
    EXPECT_EQ(parse_bytes(format_bytes(quantity)).value(), quantity);
  }
  EXPECT_EQ(format_duration(90'000'000), "90s");
  EXPECT_EQ(format_bytes(512LL << 20), "512MiB");
}

}  // namespace
}  // namespace sluice
