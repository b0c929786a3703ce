#include "state/state_store.hpp"

#include <gtest/gtest.h>

#include "state/progress_marks.hpp"
#include "state/state_bytes.hpp"
#include "state/time_to_live.hpp"
#include "state/value_table.hpp"
#include "unit/state/saved_entries.hpp"

namespace sluice {
namespace {

using test::SavedEntries;

struct Text {
  std::string text;

  void encode(std::string& out) const { append_text(text, out); }
  static std::optional<Text> decode(std::string_view saved) {
    StateBytesReader bytes(saved);
    Text value{std::string(bytes.take_text())};
    return bytes.is_finished() ? std::optional(std::move(value)) : std::nullopt;
  }
  uint64_t owned_bytes() const { return text.size(); }
};

TEST(ValueTable, DeltasAmountToWhatIsThere) {
  ValueTable<Text> table(1, "a text");
  SavedEntries saved;
  table.put("a", {"one"});
  table.put("b", {"two"});
  saved.take(table, SnapshotKind::full);
  table.put("a", {"another"});
  table.remove("b");
  table.put("c", {"three"});
  saved.take(table, SnapshotKind::delta);
  EXPECT_EQ(saved.marks(), 3u);
  ValueTable<Text> restored(1, "a text");
  ASSERT_TRUE(saved.restore(restored));
  EXPECT_EQ(restored.find("a")->text, "another");
  EXPECT_EQ(restored.find("b"), nullptr);
  EXPECT_EQ(restored.find("c")->text, "three");
  EXPECT_EQ(restored.bytes(), table.bytes());
}

TEST(ValueTable, WeighsNothingWhenAllIsGoneAndTold) {
  ValueTable<Text> table(1, "a text");
  SavedEntries saved;
  table.put("a", {std::string(100, 'x')});
  table.update("a", [](Text& value) { value.text += "y"; });
  EXPECT_GE(table.bytes(), 101u);
  table.remove_if([](const Text& value) { return value.text.size() == 101; });
  EXPECT_GT(table.bytes(), 0u) << "it is noted for the next snapshot";
  saved.take(table, SnapshotKind::delta);
  EXPECT_EQ(table.bytes(), 0u);
}

TEST(ValueTable, RefusesMalformedValues) {
  ValueTable<Text> table(1, "a text");
  const Status refused = table.restore({1, KeyGroup(0), "a", "\x05no"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::state_corrupt);
}

TEST(StateStores, ChargesAllOfThemAndRefusesUnknownTables) {
  ValueTable<Text> first(0, "a text");
  ValueTable<Text> second(1, "a text");
  StateStores stores{&first, &second};
  MemoryPool memory(1'000);
  stores.open(memory, "a test", nullptr);
  first.put("a", {std::string(300, 'x')});
  second.put("a", {std::string(300, 'x')});
  ASSERT_TRUE(stores.charge());
  EXPECT_EQ(memory.used_bytes(), first.bytes() + second.bytes());
  ASSERT_TRUE(stores.charge(7));
  EXPECT_EQ(memory.used_bytes(), first.bytes() + second.bytes() + 7);
  second.put("b", {std::string(600, 'x')});
  const Status refused = stores.charge();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::budget_exceeded);
  EXPECT_EQ(stores.restore({2, KeyGroup(0), "a", "\x01z"}).error().code, ErrorCode::state_corrupt);
}

TEST(ProgressMarks, TheFurthestOfAllTasksHoldsAndIsSavedAgain) {
  ProgressMarks first(2, 2);
  first.open({0, 2});
  ProgressMarks second(2, 2);
  second.open({2, 4});
  SavedEntries saved;
  saved.take(first, SnapshotKind::full);
  EXPECT_EQ(saved.marks(), 0u) << "nothing has happened";
  first.raise(0, 10);
  first.raise(0, 5);
  second.raise(1, 7);
  SavedEntries of_second;
  saved.take(first, SnapshotKind::delta);
  EXPECT_EQ(saved.marks(), 2u) << "once for each key group";
  of_second.take(second, SnapshotKind::delta);
  ProgressMarks restored(2, 2);
  restored.open({0, 4});
  ASSERT_TRUE(saved.restore(restored));
  ASSERT_TRUE(of_second.restore(restored));
  EXPECT_EQ(restored.mark_us(0), 10);
  EXPECT_EQ(restored.mark_us(1), 7);
  SavedEntries again;
  again.take(restored, SnapshotKind::delta);
  EXPECT_EQ(again.marks(), 4u);
  again.take(restored, SnapshotKind::delta);
  EXPECT_EQ(again.marks(), 0u);
}

TEST(TimeToLive, SweepsAreDueInPartsOfIt) {
  TimeToLive ttl(160);
  EXPECT_TRUE(ttl.is_sweep_due(INT64_MIN));
  EXPECT_TRUE(ttl.is_sweep_due(INT64_MAX)) << "further than a number can say";
  TimeToLive other(160);
  EXPECT_TRUE(other.is_sweep_due(0));
  EXPECT_FALSE(other.is_sweep_due(9));
  EXPECT_TRUE(other.is_sweep_due(10));
  EXPECT_FALSE(TimeToLive(0).is_sweep_due(INT64_MAX));
  EXPECT_FALSE(TimeToLive(0).is_expired(0, INT64_MAX));
  EXPECT_FALSE(ttl.is_expired(0, 160));
  EXPECT_TRUE(ttl.is_expired(0, 161));
  EXPECT_FALSE(ttl.is_expired(INT64_MAX, INT64_MAX));
}

}  // namespace
}  // namespace sluice
