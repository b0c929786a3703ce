#include "state/state_store.hpp"

#include <gtest/gtest.h>

#include "state/progress_marks.hpp"
#include "state/state_bytes.hpp"
#include "state/time_to_live.hpp"
#include "state/value_table.hpp"
#include "unit/state/saved_entries.hpp"
#include "unit/state/test_keys.hpp"

namespace sluice {
namespace {

using test::key;
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

using Texts = ValueTable<Text>;

void put(Texts& table, std::string_view name, std::string text) {
  table.put(table.probe(key(name)), {std::move(text)});
  table.end_batch();
}

const Text* find(Texts& table, std::string_view name) { return table.find(table.probe(key(name))); }

TEST(ValueTable, DeltasAmountToWhatIsThere) {
  Texts table(1, "a text");
  SavedEntries saved;
  put(table, "a", "one");
  put(table, "b", "two");
  saved.take(table, SnapshotKind::full);
  put(table, "a", "another");
  table.remove(table.probe(key("b")));
  table.end_batch();
  put(table, "c", std::string(1000, 'c'));
  saved.take(table, SnapshotKind::delta);
  EXPECT_EQ(saved.marks(), 3u);
  Texts restored(1, "a text");
  ASSERT_TRUE(saved.restore(restored));
  EXPECT_EQ(find(restored, "a")->text, "another");
  EXPECT_EQ(find(restored, "b"), nullptr);
  EXPECT_EQ(find(restored, "c")->text, std::string(1000, 'c'));
  EXPECT_GE(restored.bytes(), 1000u);
}

TEST(ValueTable, WeighsNothingWhenAllIsGoneAndTold) {
  Texts table(1, "a text");
  SavedEntries saved;
  put(table, "a", std::string(100, 'x'));
  table.change(table.probe(key("a")), [](Text& value) { value.text += "y"; });
  table.end_batch();
  saved.take(table, SnapshotKind::delta);
  EXPECT_GE(table.bytes(), 101u);
  table.remove_if([](const Text& value) { return value.text.size() == 101; });
  EXPECT_GT(table.bytes(), 0u) << "it is noted for the next snapshot";
  saved.take(table, SnapshotKind::delta);
  EXPECT_EQ(table.bytes(), 0u);
  EXPECT_TRUE(saved.entries().empty());
}

TEST(ValueTable, AKeyWithoutAValueIsForgottenAfterItsBatch) {
  Texts table(1, "a text");
  const BatchKeys keys = test::batch_keys({"a", "b", "a"});
  std::vector<Texts::Handle> handles;
  table.probe(keys, handles);
  EXPECT_EQ(handles[0], handles[2]);
  table.put(handles[1], {"two"});
  table.end_batch();
  EXPECT_EQ(find(table, "a"), nullptr);
  EXPECT_EQ(find(table, "b")->text, "two");
  table.end_batch();
  SavedEntries saved;
  saved.take(table, SnapshotKind::full);
  EXPECT_EQ(saved.marks(), 1u);
}

TEST(ValueTable, AKeyThatComesBackWithinAnEpochIsSaved) {
  Texts table(1, "a text");
  SavedEntries saved;
  put(table, "a", "one");
  saved.take(table, SnapshotKind::delta);
  table.remove(table.probe(key("a")));
  table.end_batch();
  put(table, "other", "takes its place");
  put(table, "a", "two");
  saved.take(table, SnapshotKind::delta);
  Texts restored(1, "a text");
  ASSERT_TRUE(saved.restore(restored));
  EXPECT_EQ(find(restored, "a")->text, "two");
  EXPECT_EQ(find(restored, "other")->text, "takes its place");
}

TEST(ValueTable, RefusesMalformedValues) {
  Texts table(1, "a text");
  const Status refused = table.restore({1, KeyGroup(0), "a", "\x05no"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::state_corrupt);
}

TEST(StateStores, ChargesAllOfThemAndRefusesUnknownTables) {
  Texts first(0, "a text");
  Texts second(1, "a text");
  StateStores stores{&first, &second};
  MemoryPool memory(4'000);
  stores.open(memory, "a test", nullptr);
  put(first, "a", std::string(300, 'x'));
  put(second, "a", std::string(300, 'x'));
  ASSERT_TRUE(stores.charge());
  EXPECT_EQ(memory.used_bytes(), first.bytes() + second.bytes());
  ASSERT_TRUE(stores.charge(7));
  EXPECT_EQ(memory.used_bytes(), first.bytes() + second.bytes() + 7);
  put(second, "b", std::string(6000, 'x'));
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
