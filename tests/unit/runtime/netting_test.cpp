#include "runtime/netting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_rows.hpp"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class EpochNettingTest : public testing::Test {
 protected:
  std::vector<std::string> net(bool retracts, std::string_view lines) {
    MemoryPool memory(1 << 20);
    EpochNetting netting(schema, {0}, retracts, memory, "out");
    EXPECT_TRUE(netting.add(test::read_rows(schema, lines)));
    auto netted = netting.take();
    EXPECT_TRUE(netted);
    conflicts = test::row_texts(netted->conflicts);
    EXPECT_EQ(memory.used_bytes(), 0);
    return test::row_texts(netted->changes);
  }

  SchemaPtr schema = test::schema_of("k text, v int");
  std::vector<std::string> conflicts;
};

TEST_F(EpochNettingTest, KeepsTheLastChangeOfAKeyOnAnUpsertEdge) {
  EXPECT_THAT(net(false, "+I a | 1\n+U a | 2\n+I b | 3"), ElementsAre("+I a|2", "+I b|3"));
  EXPECT_THAT(net(false, "+I a | 1\n-D a | 1"), ElementsAre("-D a|1"));
}

TEST_F(EpochNettingTest, CancelsARetractionWithTheRowItTakesBackInAnyOrder) {
  EXPECT_THAT(net(true, "+I a | 1\n-U a | 1\n+U a | 2"), ElementsAre("+I a|2"));
  EXPECT_THAT(net(true, "+U a | 2\n-U a | 1"), ElementsAre("+I a|2"));
  EXPECT_THAT(net(true, "+I a | 1\n-D a | 1"), IsEmpty());
}

TEST_F(EpochNettingTest, WritesDeletesBeforeRowsSortedByKey) {
  EXPECT_THAT(net(true, "+I c | 3\n-D b | 1\n+I a | 2"), ElementsAre("-D b|1", "+I a|2", "+I c|3"));
}

TEST_F(EpochNettingTest, ReportsASecondRowOfAKeyAsConflict) {
  EXPECT_EQ(net(true, "+I a | 1\n+I a | 2").size(), 1);
  EXPECT_EQ(conflicts.size(), 1);
}

// However often one key changes in an epoch, it takes the room of what is left of it.
TEST_F(EpochNettingTest, TakesNoMoreRoomForAKeyThatChangesOften) {
  for (const bool retracts : {false, true}) {
    MemoryPool memory(1'000);
    EpochNetting netting(schema, {0}, retracts, memory, "out");
    ASSERT_TRUE(netting.add(test::read_rows(schema, "+I a | 0")));
    for (int v = 1; v <= 10'000; ++v) {
      const std::string lines = "-U a | " + std::to_string(v - 1) + "\n+U a | " + std::to_string(v);
      const Status added = netting.add(test::read_rows(schema, lines));
      ASSERT_TRUE(added) << added.error().to_string() << " after " << v << " changes";
    }
    auto netted = netting.take();
    ASSERT_TRUE(netted);
    EXPECT_THAT(test::row_texts(netted->changes), ElementsAre("+I a|10000"));
  }
}

TEST_F(EpochNettingTest, GivesBackTheRoomOfKeysOfWhichNothingIsLeft) {
  MemoryPool memory(1'000);
  EpochNetting netting(schema, {0}, true, memory, "out");
  for (int key = 0; key < 1'000; ++key) {
    const std::string row = std::to_string(key) + " | 1";
    ASSERT_TRUE(netting.add(test::read_rows(schema, "+I " + row + "\n-D " + row)));
  }
  EXPECT_EQ(memory.used_bytes(), 0);
}

TEST_F(EpochNettingTest, RefusesToGrowPastTheBudget) {
  MemoryPool memory(100);
  EpochNetting netting(schema, {0}, false, memory, "out");
  const Status added = netting.add(test::read_rows(schema, "+I a | 1"));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::budget_exceeded);
  EXPECT_THAT(added.error().message, testing::HasSubstr("sink out since the last checkpoint"));
  EXPECT_THAT(added.error().advice, testing::HasSubstr("checkpoint.interval"));
}

}  // namespace
}  // namespace sluice
