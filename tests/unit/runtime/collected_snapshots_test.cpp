#include "runtime/collected_snapshots.hpp"

#include <gmock/gmock.h>

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::Pair;

class CollectedSnapshotsTest : public testing::Test {
 protected:
  TaskSnapshot snapshot(int32_t partition, std::map<std::string, int64_t> watermarks,
                        int64_t next_emission_us = INT64_MAX) {
    SavedSplit split;
    split.split = {"orders", partition};
    TaskPart part{Epoch(4), StateBuffer(SnapshotKind::full, memory_), {split}};
    return {std::move(part), std::move(watermarks), next_emission_us};
  }
  static CollectedSnapshots collect(TaskSnapshot one, TaskSnapshot other) {
    std::vector<TaskSnapshot> snapshots;
    snapshots.push_back(std::move(one));
    snapshots.push_back(std::move(other));
    return collect_snapshots(std::move(snapshots));
  }

  MemoryPool memory_{uint64_t{1} << 20};
};

TEST_F(CollectedSnapshotsTest, HaveThePartAndTheSplitsOfEachTask) {
  const CollectedSnapshots collected = collect(snapshot(0, {}), snapshot(1, {}));
  ASSERT_EQ(collected.parts.size(), 2u);
  EXPECT_EQ(collected.parts[1].epoch, Epoch(4));
  ASSERT_EQ(collected.progress.splits.size(), 2u);
  EXPECT_EQ(collected.progress.splits[0].split.partition, 0);
  EXPECT_EQ(collected.progress.splits[1].split.partition, 1);
}

TEST_F(CollectedSnapshotsTest, HaveTheLeastWatermarkOfEachScanAndTheLeastTime) {
  const CollectedSnapshots collected =
      collect(snapshot(0, {{"orders", 20}}, 70), snapshot(1, {{"orders", 10}, {"items", 30}}, 80));
  EXPECT_THAT(collected.progress.issued_watermarks,
              ElementsAre(Pair("items", 30), Pair("orders", 10)));
  EXPECT_EQ(collected.next_emission_us, 70);
}

}  // namespace
}  // namespace sluice
