#include "plan/rewrite.hpp"

#include <gmock/gmock.h>

#include "plan/operations/project.hpp"
#include "plan/planner.hpp"
#include "support/plan_case.hpp"

namespace sluice {
namespace {

using testing::ElementsAre;

void do_nothing(const PlanRequest&, PlanDraft&) {}

TEST(RewriteRegistry, OrdersByStageAndWithinOneAsAdded) {
  RewriteRegistry registry;
  registry.add({"late", RewriteStage::execution, do_nothing});
  registry.add({"first", RewriteStage::filters, do_nothing});
  registry.add({"third", RewriteStage::columns, do_nothing});
  registry.add({"second", RewriteStage::filters, do_nothing});
  std::vector<std::string> names;
  for (const Rewrite& rewrite : registry.all()) names.push_back(rewrite.name);
  EXPECT_THAT(names, ElementsAre("first", "second", "third", "late"));
}

TEST(RewriteRegistryDeathTest, NamesAreUnique) {
  RewriteRegistry registry;
  registry.add({"one", RewriteStage::filters, do_nothing});
  EXPECT_DEATH(registry.add({"one", RewriteStage::columns, do_nothing}), "two rewrites");
}

// Puts a projection that changes nothing over every node but the sinks.
void add_projections(const PlanRequest&, PlanDraft& draft) {
  const size_t nodes = draft.size();
  for (size_t i = 0; i < nodes; ++i) {
    const PlanNodeId id(static_cast<uint32_t>(i));
    if (draft.readers(id).empty()) continue;
    const SchemaPtr schema = draft.node(id).schema;
    PlanProject project;
    for (size_t column = 0; column < schema->size(); ++column)
      project.expressions.push_back(column_reference(column, (*schema)[column].type));
    draft.redirect_readers(id, draft.add(draft.reader_of(id, project, schema)));
  }
}

// What a rewrite leaves behind, no other one sees: the plan is the one without it.
TEST(Optimise, SettlesThePlanBehindEachRewrite) {
  FunctionRegistry functions;
  register_builtin_functions(functions);
  PlanRequest request = read_plan_case(
      "source orders topic=a: id bigint; amount numeric(10,2)\n"
      "step large\n"
      "  SELECT id, amount * 2 AS twice FROM orders WHERE amount > 10\n"
      "sink out from=large\n",
      functions);
  const PlanResult plain = build_plan(request);
  RewriteRegistry with_another;
  register_builtin_rewrites(with_another);
  with_another.add({"add_projections", RewriteStage::filters, add_projections});
  request.rewrites = &with_another;
  const PlanResult settled = build_plan(request);
  ASSERT_TRUE(plain.plan.has_value() && settled.plan.has_value());
  EXPECT_EQ(to_string(*settled.plan), to_string(*plain.plan));
}

}  // namespace
}  // namespace sluice
