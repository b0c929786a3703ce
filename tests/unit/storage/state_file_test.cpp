#include "storage/state_file.hpp"

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "storage/block_file.hpp"
#include "support/fake_filesystem.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;

using Contents = std::map<std::string, std::string>;  // "id table group key" -> value

std::string name_of(std::string_view id, const StateEntry& entry) {
  return std::string(id) + " " + std::to_string(entry.table) + " " +
         std::to_string(entry.group.value) + " " + std::string(entry.key);
}

class StateFiles : public testing::Test {
 protected:
  void write(const std::string& path, std::vector<StateBuffer> buffers) {
    std::vector<const StateBuffer*> parts;
    for (StateBuffer& buffer : buffers) {
      ASSERT_TRUE(buffer.finish());
      parts.push_back(&buffer);
    }
    auto file = write_state_file(files_, path, Epoch(1), parts);
    ASSERT_TRUE(file) << file.error().to_string();
    ASSERT_TRUE(file->writer->sync_and_close());
  }
  void write(const std::string& path, StateBuffer buffer) {
    std::vector<StateBuffer> buffers;
    buffers.push_back(std::move(buffer));
    write(path, std::move(buffers));
  }
  std::vector<std::string> read(const std::vector<std::string>& paths) {
    std::vector<std::string> entries;
    const Status read = read_merged_state(
        files_, memory_, paths, [&](std::string_view id, const StateEntry& entry) -> Status {
          entries.push_back(name_of(id, entry) + "=" + std::string(entry.value));
          return {};
        });
    EXPECT_TRUE(read) << read.error().to_string();
    return entries;
  }

  FakeFilesystem files_;
  MemoryPool memory_{64u << 20};
};

TEST_F(StateFiles, FullFileGivesItsEntriesInOrder) {
  StateBuffer buffer(SnapshotKind::full, memory_);
  buffer.begin_node("a");
  buffer.put(1, KeyGroup(0), "k", "v");
  buffer.begin_node("b");
  buffer.put(2, KeyGroup(127), std::string("\0\xff", 2), "");
  write("f", std::move(buffer));
  EXPECT_THAT(read({"f"}),
              ElementsAre("a 1 0 k=v", std::string("b 2 127 ") + std::string("\0\xff", 2) + "="));
}

TEST_F(StateFiles, NodeWithoutEntriesLeavesNoTrace) {
  StateBuffer buffer(SnapshotKind::full, memory_);
  buffer.begin_node("a");
  buffer.begin_node("b");
  buffer.put(0, KeyGroup(0), "k", "v");
  write("f", std::move(buffer));
  EXPECT_THAT(read({"f"}), ElementsAre("b 0 0 k=v"));
}

TEST_F(StateFiles, SameKeyOfTwoTablesGroupsOrNodesStaysApart) {
  StateBuffer full(SnapshotKind::full, memory_);
  full.begin_node("a");
  full.put(0, KeyGroup(0), "k", "1");
  full.put(1, KeyGroup(0), "k", "2");
  full.put(0, KeyGroup(1), "k", "3");
  full.begin_node("b");
  full.put(0, KeyGroup(0), "k", "4");
  StateBuffer delta(SnapshotKind::delta, memory_);
  delta.begin_node("a");
  delta.remove(0, KeyGroup(0), "k");
  write("f", std::move(full));
  write("d", std::move(delta));
  EXPECT_THAT(read({"f", "d"}), ElementsAre("a 1 0 k=2", "a 0 1 k=3", "b 0 0 k=4"));
}

TEST_F(StateFiles, LastMarkWithinOneDeltaCounts) {
  StateBuffer full(SnapshotKind::full, memory_);
  StateBuffer delta(SnapshotKind::delta, memory_);
  delta.begin_node("a");
  delta.put(0, KeyGroup(0), "gone", "1");
  delta.remove(0, KeyGroup(0), "gone");
  delta.remove(0, KeyGroup(0), "back");
  delta.put(0, KeyGroup(0), "back", "2");
  write("f", std::move(full));
  write("d", std::move(delta));
  EXPECT_THAT(read({"f", "d"}), ElementsAre("a 0 0 back=2"));
}

TEST_F(StateFiles, BlocksAreCutBelowOneMebibyteAndReadAlone) {
  StateBuffer buffer(SnapshotKind::full, memory_);
  buffer.begin_node("node");
  const std::string value(300'000, 'v');
  for (int i = 0; i < 10; ++i) buffer.put(0, KeyGroup(0), std::to_string(i), value);
  buffer.put(0, KeyGroup(0), "large", std::string(3u << 20, 'x'));
  ASSERT_TRUE(buffer.finish());
  ASSERT_GT(buffer.blocks().size(), 4u);
  for (const std::string& block : buffer.blocks()) {
    EXPECT_EQ(block.substr(1, 5), std::string("\x04node", 5)) << "a block without its node";
    if (block.size() < 3u << 20) {
      EXPECT_LE(block.size(), 1u << 20);
    }
  }
  write("f", std::move(buffer));
  EXPECT_EQ(read({"f"}).size(), 11u);
}

TEST_F(StateFiles, ErrorOfTheVisitorEndsTheReading) {
  StateBuffer buffer(SnapshotKind::full, memory_);
  buffer.begin_node("a");
  buffer.put(0, KeyGroup(0), "1", "");
  buffer.put(0, KeyGroup(0), "2", "");
  write("f", std::move(buffer));
  int visits = 0;
  const Status read =
      read_merged_state(files_, memory_, {"f"}, [&](std::string_view, const StateEntry&) -> Status {
        ++visits;
        return fail(ErrorCode::state_incompatible, "no");
      });
  EXPECT_FALSE(read);
  EXPECT_EQ(visits, 1);
}

TEST_F(StateFiles, BufferIsChargedAsItGrowsUntilItDies) {
  {
    StateBuffer buffer(SnapshotKind::full, memory_);
    buffer.begin_node("a");
    for (int i = 0; i < 100; ++i)
      buffer.put(0, KeyGroup(0), std::to_string(i), std::string(30'000, 'v'));
    EXPECT_GE(memory_.used_bytes(), 3'000'000u);
    EXPECT_LE(memory_.used_bytes(), 4u << 20) << "blocks are not twice as large as what they hold";
  }
  EXPECT_EQ(memory_.used_bytes(), 0u);
}

TEST_F(StateFiles, BufferPastTheBudgetKeepsNothingMoreAndTells) {
  MemoryPool small(500'000);
  StateBuffer buffer(SnapshotKind::full, small);
  buffer.begin_node("total/group_aggregate");
  for (int i = 0; i < 100; ++i)
    buffer.put(0, KeyGroup(0), std::to_string(i), std::string(30'000, 'v'));
  const Status finished = buffer.finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, ErrorCode::budget_exceeded);
  EXPECT_TRUE(finished.error().message.ends_with("; it has come to total/group_aggregate"));
  EXPECT_LT(buffer.bytes(), 500'000u);
}

TEST_F(StateFiles, StateOfAKeyThatNoBlockTakesNamesItsStep) {
  MemoryPool large(UINT64_MAX);
  StateBuffer buffer(SnapshotKind::full, large);
  buffer.begin_node("total/group_aggregate");
  buffer.put(0, KeyGroup(0), "k", std::string(max_block_bytes, 'v'));
  const Status finished = buffer.finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, ErrorCode::entry_too_large);
  EXPECT_TRUE(
      finished.error().message.starts_with("the state of one key of total/group_aggregate needs "));
}

// Deltas of a full file may hold any number of keys.
TEST_F(StateFiles, KeysOfDeltasAreChargedWhileStateIsRead) {
  StateBuffer full(SnapshotKind::full, memory_);
  full.begin_node("a");
  full.put(0, KeyGroup(0), "k", "v");
  write("full", std::move(full));
  StateBuffer delta(SnapshotKind::delta, memory_);
  delta.begin_node("a");
  for (int i = 0; i < 1'000; ++i) delta.put(0, KeyGroup(0), std::to_string(i), "");
  write("delta", std::move(delta));
  uint64_t used = 0;
  const auto visit = [&](std::string_view, const StateEntry&) -> Status {
    used = memory_.used_bytes();
    return {};
  };
  ASSERT_TRUE(read_merged_state(files_, memory_, {"full", "delta"}, visit));
  EXPECT_GE(used, 50'000u);
  EXPECT_EQ(memory_.used_bytes(), 0u);
  MemoryPool small(20'000);
  const Status refused = read_merged_state(files_, small, {"full", "delta"}, visit);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::budget_exceeded);
  EXPECT_TRUE(refused.error().message.ends_with("; it has come to a"));
}

// A full snapshot and random deltas of two tasks amount to what a map would hold.
TEST_F(StateFiles, RandomDeltasMergeToTheModel) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    Contents model;
    std::vector<std::string> paths;
    for (int file = 0; file < 6; ++file) {
      const SnapshotKind kind = file == 0 ? SnapshotKind::full : SnapshotKind::delta;
      std::vector<StateBuffer> tasks;
      for (uint16_t task = 0; task < 2; ++task) {
        StateBuffer& buffer = tasks.emplace_back(kind, memory_);
        buffer.begin_node("n");
        std::set<std::string> touched;
        for (int i = 0; i < 20; ++i) {
          const std::string key = std::to_string(random() % 30);
          if (kind == SnapshotKind::full && !touched.insert(key).second) continue;
          const std::string name = "n 0 " + std::to_string(task) + " " + key;
          if (kind == SnapshotKind::delta && random() % 3 == 0) {
            buffer.remove(0, KeyGroup(task), key);
            model.erase(name);
          } else {
            const std::string value = std::to_string(random());
            buffer.put(0, KeyGroup(task), key, value);
            model[name] = value;
          }
        }
      }
      paths.push_back("file" + std::to_string(file));
      write(paths.back(), std::move(tasks));
    }
    std::vector<std::string> expected;
    for (const auto& [name, value] : model) expected.push_back(name + "=" + value);
    EXPECT_THAT(read(paths), testing::UnorderedElementsAreArray(expected));
  }
}

}  // namespace
}  // namespace sluice::test
