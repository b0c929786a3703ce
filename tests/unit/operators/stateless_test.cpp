// The operators without state, driven by the harness.
#include <gmock/gmock.h>

#include "operators/filter.hpp"
#include "operators/union_all.hpp"
#include "support/operator_harness.hpp"
#include "support/test_rows.hpp"

namespace sluice {
namespace {

using test::OperatorHarness;
using testing::ElementsAre;

TEST(Filter, Filter_DropsFalseAndNull) {
  const SchemaPtr schema = test::schema_of("id text, kept boolean");
  OperatorHarness harness(
      make_filter(schema, column_reference(1, Type{TypeKind::boolean}), {"step"}), {{schema, {}}});
  harness.rows(R"(a | true
                  b | false
                  c | NULL
                  +U d | true)");
  const test::HarnessResult result = harness.run();
  EXPECT_THAT(result.changes, ElementsAre("+I a|true", "+U d|true"));
  EXPECT_EQ(result.counters.at("dropped filtered"), 2);
}

TEST(UnionAll, UnionAll_PassesRowsOfAllInputs) {
  const SchemaPtr schema = test::schema_of("id text");
  OperatorHarness harness(make_union_all(schema), {{schema, {}}, {schema, {}}});
  harness.rows("a", 0).rows("b", 1).barrier().rows("a", 1);
  EXPECT_THAT(harness.run().changes, ElementsAre("+I a", "+I b", "+I a"));
}

}  // namespace
}  // namespace sluice
