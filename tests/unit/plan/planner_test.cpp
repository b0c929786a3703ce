#include "plan/planner.hpp"

#include <gtest/gtest.h>

#include "plan/operations/sink.hpp"
#include "support/golden_cases.hpp"
#include "support/plan_case.hpp"

namespace sluice {
namespace {

class PlannerTest : public testing::Test {
 protected:
  PlannerTest() { register_builtin_functions(functions_); }

  static std::string text(const std::vector<PlanProblem>& problems) {
    std::string text;
    for (const PlanProblem& problem : problems) {
      text += std::string(problem.is_warning ? "warning " : "error ") +
              error_code_text(problem.code) + " at " + problem.path;
      if (problem.length > 0) {
        text += " " + std::to_string(problem.offset) + "+" + std::to_string(problem.length);
      }
      text += ": " + problem.message + "\n";
      if (!problem.suggestion.empty()) text += "  | " + problem.suggestion + "\n";
    }
    return text;
  }

  PlanResult plan(const std::string& pipeline) const {
    return build_plan(read_plan_case(pipeline, functions_));
  }

  std::string plan_text(const std::string& pipeline) const {
    const PlanResult result = plan(pipeline);
    return text(result.problems) + (result.plan ? to_string(*result.plan) : "");
  }

  std::map<std::string, std::string> fingerprints(const std::string& pipeline) const {
    std::map<std::string, std::string> fingerprints;
    const PlanResult result = plan(pipeline);
    EXPECT_TRUE(result.plan) << text(result.problems);
    if (!result.plan) return fingerprints;
    for (const PlanNode& node : result.plan->nodes) {
      if (!node.state_id.empty()) fingerprints[node.state_id] = node.lineage.fingerprint;
    }
    return fingerprints;
  }

  std::string lineage_text(const std::string& pipeline) const {
    const PlanResult result = plan(pipeline);
    std::string lines = text(result.problems);
    if (!result.plan) return lines;
    for (const PlanNode& node : result.plan->nodes) {
      if (node.state_id.empty() && !node.as<PlanSink>()) continue;
      lines += (node.state_id.empty() ? "sink " + node.owner : node.state_id) + "\n";
      for (const LineageFact& fact : node.lineage.facts) {
        lines += "    " + fact.aspect + ": " + fact.text + "\n";
      }
    }
    return lines;
  }

  FunctionRegistry functions_;
};

TEST_F(PlannerTest, BuildPlan_GivesThePlanOfEachPipeline) {
  check_golden_folder("tests/unit/plan/plans",
                      [this](const auto& pipeline) { return plan_text(pipeline); });
}

TEST_F(PlannerTest, BuildPlan_SaysWhatIsWrongWithEachPipeline) {
  check_golden_folder("tests/unit/plan/problems",
                      [this](const auto& pipeline) { return plan_text(pipeline); });
}

TEST_F(PlannerTest, BuildPlan_GivesTheLineageOfStatesAndSinks) {
  check_golden_folder("tests/unit/plan/lineages",
                      [this](const auto& pipeline) { return lineage_text(pipeline); });
}

std::string counting(const std::string& select, const std::string& where) {
  return "source s event_time=ts: id text; n int; ts timestamptz\n"
         "step a\n  SELECT window_start, " +
         select + " AS v FROM TUMBLE(s, ts, INTERVAL '1 minute') WHERE " + where +
         " GROUP BY window_start, id\nsink o from=a\n";
}

TEST_F(PlannerTest, Fingerprint_ChangesWithWhatStateMeansAndNotWithFilters) {
  const auto original = fingerprints(counting("sum(n)", "n > 0"));
  ASSERT_TRUE(original.contains("a.window_aggregate"));
  EXPECT_EQ(original, fingerprints(counting("sum(n)", "n > 5")));
  EXPECT_NE(original, fingerprints(counting("sum(n * 2)", "n > 0")));
  EXPECT_NE(original, fingerprints(counting("max(n)", "n > 0")));
}

// Carried columns are no part of any state.
TEST_F(PlannerTest, Fingerprint_IsThatWithoutWholeRows) {
  const std::string pipeline = counting("sum(n)", "n > 0");
  const auto original = fingerprints(pipeline);
  ASSERT_FALSE(original.empty());
  EXPECT_EQ(original, fingerprints("whole rows\n" + pipeline));
}

TEST_F(PlannerTest, Lineage_DoesNotDependOnTheOrderOfTheFile) {
  const std::string first = "source s event_time=ts: id text; n int; ts timestamptz\n";
  const std::string second = "source t event_time=ts: ts timestamptz; m int; id text\n";
  const std::string count =
      "step c\n  SELECT u.id, sum(u.n) AS v FROM (SELECT id, n FROM s UNION ALL SELECT id, m FROM "
      "t)"
      " u GROUP BY u.id\n";
  const std::string other = "step o\n  SELECT id, m FROM t\n";
  const std::string sinks[] = {"sink p from=c mode=upsert key=id\n", "sink q from=o\n"};
  const auto written = fingerprints(first + second + count + other + sinks[0] + sinks[1]);
  EXPECT_EQ(written, fingerprints(second + first + other + count + sinks[1] + sinks[0]));
  // Nor on who else reads a source.
  EXPECT_EQ(written, fingerprints(first + second + count + sinks[0]));
}

}  // namespace
}  // namespace sluice
