// Aggregates of every type against PostgreSQL's answers (cases/aggregates.txt), over rows that only
// come and over rows of which some are taken back.
#include <gmock/gmock.h>

#include <fstream>

#include "operators/group_aggregate.hpp"
#include "support/operator_harness.hpp"
#include "unit/operators/aggregate_settings.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

std::vector<std::string> split(const std::string& text, const std::string& separator) {
  std::vector<std::string> parts;
  size_t start = 0;
  for (size_t end = text.find(separator); end != std::string::npos;
       end = text.find(separator, start)) {
    parts.push_back(text.substr(start, end - start));
    start = end + separator.size();
  }
  parts.push_back(text.substr(start));
  return parts;
}

struct Case {
  std::string line;
  AggregateCall column;
  std::string argument;
  std::vector<std::string> values;
  std::string result;
};

std::vector<Case> read_cases() {
  std::ifstream file(SLUICE_SOURCE_DIR "/tests/unit/operators/cases/aggregates.txt");
  std::vector<Case> cases;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const std::vector<std::string> cells = split(line, " | ");
    const std::vector<std::string> name = split(cells.at(0), " ");
    Case read{line, call(name[0], 1, cells.at(1)), cells.at(1), split(cells.at(3), ", "),
              cells.at(4)};
    EXPECT_EQ(type_name(read.column.function->result), cells.at(2)) << line;
    read.column.distinct = name.size() > 1;
    cases.push_back(std::move(read));
  }
  return cases;
}

GroupAggregateSettings settings_of(const Case& given) {
  GroupAggregateSettings settings;
  settings.policy.step = "totals";
  settings.input = schema_of("k int, x " + given.argument);
  settings.output = std::make_shared<Schema>(std::vector<Field>{
      {"k", Type{TypeKind::integer}}, {"result", given.column.function->result}});
  settings.keys = {0};
  settings.calls = {given.column};
  return settings;
}

std::string lines_of(const std::string& kind, const std::vector<std::string>& values) {
  std::string lines;
  for (const std::string& value : values) lines += kind + " 1 | " + value + "\n";
  return lines;
}

void expect_result(const Case& given, const HarnessResult& result) {
  if (given.result == "error") {
    EXPECT_THAT(result.folded, testing::IsEmpty());
    EXPECT_THAT(result.dead_letters, testing::Contains(testing::StartsWith("E3102")));
  } else {
    EXPECT_THAT(result.folded, testing::ElementsAre("1|" + given.result));
    EXPECT_THAT(result.dead_letters, testing::IsEmpty());
  }
}

TEST(Aggregates, OverInserts_GiveWhatPostgresGives) {
  const std::vector<Case> cases = read_cases();
  ASSERT_GT(cases.size(), 70u);
  for (const Case& each : cases) {
    SCOPED_TRACE(each.line);
    const GroupAggregateSettings settings = settings_of(each);
    OperatorHarness harness(make_group_aggregate(settings), {{settings.input, {0}}});
    expect_result(each, harness.rows(lines_of("+I", each.values)).run_once());
  }
}

// Taken back: the same values once more, before and after. Of doubles only what is exact: the order
// of additions decides the last bits of the others.
TEST(Aggregates, OverChanges_GiveWhatPostgresGivesForTheRowsThatAreLeft) {
  for (const Case& each : read_cases()) {
    if (each.line.find("0.1, 0.2") != std::string::npos) continue;
    SCOPED_TRACE(each.line);
    GroupAggregateSettings settings = settings_of(each);
    settings.input_retracts = true;
    OperatorHarness harness(make_group_aggregate(settings), {{settings.input, {0}}});
    harness.rows(lines_of("+I", each.values)).rows(lines_of("+I", each.values));
    harness.rows(lines_of("-D", each.values)).barrier();
    // An overflow on the way is seen at a barrier, and the ways of the harness have different ones.
    const bool overflows = each.result == "error" ||
                           each.line.find("999999999") != std::string::npos ||
                           each.line.find("-9223372036854775808") != std::string::npos;
    expect_result(each, overflows ? harness.run_once() : harness.run());
  }
}

TEST(Aggregates, SumOfDoubles_LeavesNoResidueOfWhatWasTakenBack) {
  GroupAggregateSettings settings =
      settings_of({"", call("sum", 1, "double precision"), "double precision", {}, ""});
  settings.input_retracts = true;
  OperatorHarness harness(make_group_aggregate(settings), {{settings.input, {0}}});
  harness.rows("1 | 1e20\n 1 | 1\n -D 1 | 1e20\n 2 | infinity\n 2 | 3\n -D 2 | infinity");
  EXPECT_THAT(harness.run().folded, testing::ElementsAre("1|1", "2|3"));
}

TEST(Aggregates, ScaleOfSum_ShrinksWhenTheLongestValueIsTakenBack) {
  GroupAggregateSettings settings = settings_of({"", call("sum", 1, "numeric"), "numeric", {}, ""});
  settings.input_retracts = true;
  OperatorHarness harness(make_group_aggregate(settings), {{settings.input, {0}}});
  harness.rows("1 | 1.5\n 1 | 0.125").barrier().rows("-D 1 | 0.125").barrier();
  EXPECT_THAT(harness.run().changes, testing::ElementsAre("+I 1|1.625", "-U 1|1.625", "+U 1|1.5"));
}

}  // namespace
}  // namespace sluice
