#include "state/row_multiset.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "unit/state/saved_entries.hpp"
#include "unit/state/test_keys.hpp"

namespace sluice {
namespace {

using test::key;
using test::SavedEntries;
using Handle = RowMultiset::Handle;

std::vector<std::string> rows_of(const RowMultiset& rows, std::string_view name) {
  std::vector<std::string> found;
  for (Handle row = rows.first(key(name)); row != RowMultiset::none; row = rows.next(row)) {
    found.push_back(std::string(rows.bytes_of(row)) + " " + std::to_string(rows.count(row)));
  }
  return found;
}

TEST(RowMultiset, RowsAreVisitedInTheOrderInWhichTheyFirstCame) {
  RowMultiset rows(0, 0);
  rows.add(key("k"), "b", 0);
  rows.add(key("k"), "a", 0);
  rows.add(key("other"), "x", 0);
  rows.add(key("k"), "b", 0);
  rows.add(key("k"), "c", 0);
  EXPECT_EQ(rows_of(rows, "k"), (std::vector<std::string>{"b 2", "a 1", "c 1"}));
  rows.take_back(rows.find(key("k"), "a"));
  rows.take_back(rows.find(key("k"), "b"));
  rows.add(key("k"), "a", 0);
  EXPECT_EQ(rows_of(rows, "k"), (std::vector<std::string>{"b 1", "c 1", "a 1"}));
  EXPECT_EQ(rows.total_rows(), 4);
}

TEST(RowMultiset, OneRowUnderTwoKeysIsTwo) {
  RowMultiset rows(0, 0);
  rows.add(key("a"), "bc", 0);
  rows.add(key("ab"), "c", 0);
  EXPECT_EQ(rows.find(key("a"), "c"), RowMultiset::none);
  SavedEntries saved;
  saved.take(rows, SnapshotKind::full);
  EXPECT_EQ(saved.entries().size(), 2u);
}

TEST(RowMultiset, ARowThatGoesAndComesWithinAnEpochIsSaved) {
  RowMultiset rows(0, 0);
  SavedEntries saved;
  rows.add(key("k"), "r", 0);
  saved.take(rows, SnapshotKind::delta);
  rows.take_back(rows.find(key("k"), "r"));
  rows.set_value(rows.add(key("k"), "r", 5), 7);
  saved.take(rows, SnapshotKind::delta);
  RowMultiset restored(0, 0);
  ASSERT_TRUE(saved.restore(restored));
  const Handle row = restored.find(key("k"), "r");
  ASSERT_NE(row, RowMultiset::none);
  EXPECT_EQ(restored.value(row), 7);
  EXPECT_EQ(restored.time_us(row), 5);
}

TEST(RowMultiset, WhatComesAndGoesWithinAnEpochIsNotWritten) {
  RowMultiset rows(0, 0);
  SavedEntries saved;
  rows.add(key("k"), "r", 0);
  rows.take_back(rows.find(key("k"), "r"));
  saved.take(rows, SnapshotKind::delta);
  EXPECT_EQ(saved.marks(), 0u);
}

TEST(RowMultiset, SweepFreesWhatTheClockHasPassed) {
  RowMultiset rows(0, 160);
  rows.add(key("k"), "old", 0);
  rows.add(key("k"), "old", 1);
  rows.add(key("k"), "new", 100);
  EXPECT_EQ(rows.sweep(161), 0);
  EXPECT_EQ(rows.sweep(165), 0) << "not yet worth looking";
  EXPECT_EQ(rows.sweep(180), 2);
  EXPECT_EQ(rows_of(rows, "k"), std::vector<std::string>{"new 1"});
}

// Against counts in a map, with snapshots on the way and restores from them.
TEST(RowMultiset, IsAMultisetAlsoOverRestores) {
  constexpr unsigned seed = 7;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  auto rows = std::make_unique<RowMultiset>(3, 0);
  std::map<std::string, std::map<std::string, int64_t>> expected;
  SavedEntries saved;
  bool has_full = false;
  for (int step = 0; step < 20'000; ++step) {
    const std::string name = "key" + std::to_string(random() % 5);
    // Short ones and such as have memory of their own.
    const std::string row(1 + random() % 40, static_cast<char>('a' + random() % 3));
    int64_t& count = expected[name][row];
    if (random() % 2 == 0) {
      rows->add(key(name), row, step);
      ++count;
    } else if (count > 0) {
      rows->take_back(rows->find(key(name), row));
      --count;
    }
    if (count == 0) {
      EXPECT_EQ(rows->find(key(name), row), RowMultiset::none);
    }
    if (random() % 200 == 0) {
      saved.take(*rows, has_full ? SnapshotKind::delta : SnapshotKind::full);
      has_full = true;
      if (random() % 4 != 0) continue;
      rows = std::make_unique<RowMultiset>(3, 0);
      ASSERT_TRUE(saved.restore(*rows));
    }
  }
  int64_t total = 0;
  for (const auto& [name, counts] : expected) {
    for (const auto& [row, count] : counts) {
      total += count;
      const Handle handle = rows->find(key(name), row);
      ASSERT_EQ(handle == RowMultiset::none, count == 0) << name << " " << row;
      if (count > 0) {
        EXPECT_EQ(rows->count(handle), count);
      }
    }
  }
  EXPECT_EQ(rows->total_rows(), total);
}

TEST(RowMultiset, WeighsNothingOfWhatIsGone) {
  RowMultiset rows(0, 0);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 100; ++i)
      rows.add(key("key" + std::to_string(i)), std::string(100, 'r'), 0);
    SavedEntries saved;
    saved.take(rows, SnapshotKind::full);
    for (int i = 0; i < 100; ++i) {
      rows.take_back(rows.first(key("key" + std::to_string(i))));
    }
    saved.take(rows, SnapshotKind::delta);
    EXPECT_TRUE(saved.entries().empty());
  }
  const uint64_t places = rows.bytes();
  for (int i = 0; i < 100; ++i) rows.add(key("key" + std::to_string(i)), std::string(100, 'r'), 0);
  EXPECT_GE(rows.bytes(), places + 100 * 100);
}

}  // namespace
}  // namespace sluice
