// Pipelines whose words were exchanged at random: a plan or an error, and a plan that holds
// together.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "plan/operations/project.hpp"
#include "plan/planner.hpp"
#include "support/golden_cases.hpp"
#include "support/plan_case.hpp"

namespace sluice {
namespace {

constexpr uint32_t seed = 20260102;
constexpr int rounds = 60;

// Exchanges SQL words of a pipeline for other words of its SQL.
std::string damage(const std::string& sql, std::mt19937& random) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : sql + " ") {
    if (c != ' ' && c != '\n') {
      word += c;
      continue;
    }
    words.push_back(word);
    word.clear();
  }
  std::uniform_int_distribution<size_t> pick(0, words.size() - 1);
  words[pick(random)] = words[pick(random)];
  if (pick(random) % 2 == 0) std::swap(words[pick(random)], words[pick(random)]);
  std::string damaged;
  for (const std::string& part : words) damaged += part + " ";
  return damaged;
}

void expect_sound(const LogicalPlan& plan) {
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    const PlanNode& node = plan.nodes[i];
    ASSERT_EQ(node.id.value, i);
    ASSERT_TRUE(node.schema);
    for (const PlanInput& input : node.inputs) {
      ASSERT_LT(input.node.value, i);
      for (const size_t key : input.exchange.keys) {
        ASSERT_LT(key, plan.node(input.node).schema->size());
      }
    }
    for (const TimeColumn& time : node.time_columns) ASSERT_LT(time.column, node.schema->size());
    if (const auto* project = node.as<PlanProject>()) {
      const size_t columns = plan.node(node.inputs[0].node).schema->size();
      ASSERT_EQ(project->expressions.size(), node.schema->size());
      for (size_t k = 0; k < project->expressions.size(); ++k) {
        ASSERT_EQ(project->expressions[k]->type(), (*node.schema)[k].type);
        for (const size_t column : columns_of(*project->expressions[k])) {
          ASSERT_LT(column, columns);
        }
      }
    }
  }
}

TEST(DamagedPipeline, BuildPlan_GivesASoundPlanOrAnError) {
  FunctionRegistry functions;
  register_builtin_functions(functions);
  std::mt19937 random(seed);
  size_t planned = 0;
  for (const char* file : {"trade", "pushdown", "time", "changes"}) {
    const std::string path = std::string(SLUICE_SOURCE_DIR) + "/tests/unit/plan/plans/" + file;
    for (const GoldenCase& golden : read_golden_cases(path + ".txt")) {
      const PlanRequest original = read_plan_case(golden.input, functions);
      for (int round = 0; round < rounds; ++round) {
        PlanRequest request = original;
        for (StepSettings& step : request.steps) {
          if (random() % 2 == 0) step.sql = damage(step.sql, random);
        }
        SCOPED_TRACE("seed " + std::to_string(seed) + ", " + golden.name);
        const PlanResult result = build_plan(request);
        const bool has_error = std::any_of(result.problems.begin(), result.problems.end(),
                                           [](const PlanProblem& p) { return !p.is_warning; });
        ASSERT_NE(result.plan.has_value(), has_error);
        if (result.plan) expect_sound(*result.plan);
        planned += result.plan ? 1 : 0;
      }
    }
  }
  EXPECT_GT(planned, 100u);
}

}  // namespace
}  // namespace sluice
