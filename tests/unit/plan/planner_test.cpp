#include "plan/planner.hpp"

#include <gtest/gtest.h>

#include "support/golden_cases.hpp"
#include "unit/plan/plan_case.hpp"

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
      if (!node.state_id.empty()) fingerprints[node.state_id] = node.fingerprint;
    }
    return fingerprints;
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

}  // namespace
}  // namespace sluice
