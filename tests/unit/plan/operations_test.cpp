// Every kind of operation is in the golden plans, and those with state in the golden lineages, so
// that all that a kind states is pinned by a case.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "plan/planner.hpp"
#include "support/golden_cases.hpp"
#include "support/plan_case.hpp"

namespace sluice {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

const fs::path source_folder = SLUICE_SOURCE_DIR;

// The kinds whose headers state a name; with a state: those that add facts of one.
Names stated_kinds(bool only_with_state) {
  const std::regex stated("string_view name = \"([a-z_]+)\"");
  Names names;
  for (const auto& entry : fs::directory_iterator(source_folder / "src/plan/operations")) {
    if (entry.path().extension() != ".hpp") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    std::smatch match;
    const std::string header = text.str();
    if (!std::regex_search(header, match, stated)) continue;
    const bool has_state = header.find("add_facts(") != std::string::npos;
    if (has_state || !only_with_state) names.insert(match[1]);
  }
  return names;
}

// The kinds in the plans of the cases of a folder; with a state: those of nodes that have one.
Names planned_kinds(const std::string& folder, bool only_with_state) {
  FunctionRegistry functions;
  register_builtin_functions(functions);
  Names names;
  for (const auto& file : fs::directory_iterator(source_folder / folder)) {
    for (const GoldenCase& golden : read_golden_cases(file.path().string())) {
      const PlanResult result = build_plan(read_plan_case(golden.input, functions));
      if (!result.plan) continue;
      for (const PlanNode& node : result.plan->nodes) {
        if (only_with_state && node.state_id.empty()) continue;
        names.insert(std::string(node.operation->name()));
      }
    }
  }
  return names;
}

TEST(Operations, EachKindIsInAGoldenPlan) {
  EXPECT_EQ(planned_kinds("tests/unit/plan/plans", false), stated_kinds(false));
}

TEST(Operations, EachKindWithStateIsInAGoldenLineage) {
  EXPECT_EQ(planned_kinds("tests/unit/plan/lineages", true), stated_kinds(true));
}

// The name of a state is in saved folders: a kind keeps its name.
TEST(Operations, EachStateIsNamedByItsKind) {
  FunctionRegistry functions;
  register_builtin_functions(functions);
  size_t states = 0;
  const fs::path cases = source_folder / "tests/unit/plan/lineages/states.txt";
  for (const GoldenCase& golden : read_golden_cases(cases.string())) {
    const PlanResult result = build_plan(read_plan_case(golden.input, functions));
    if (!result.plan) continue;
    for (const PlanNode& node : result.plan->nodes) {
      EXPECT_EQ(node.state_id.empty(), !node.operation->keeps_state());
      if (node.state_id.empty()) continue;
      ++states;
      EXPECT_THAT(node.state_id,
                  testing::StartsWith(node.owner + "." + std::string(node.operation->name())));
    }
  }
  EXPECT_GT(states, 5u);
}

}  // namespace
}  // namespace sluice
