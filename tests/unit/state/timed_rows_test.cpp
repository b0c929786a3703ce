#include "state/timed_rows.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "unit/state/saved_entries.hpp"
#include "unit/state/test_keys.hpp"

namespace sluice {
namespace {

using test::SavedEntries;

constexpr uint32_t first_row[] = {0};

void add(TimedRows& rows, std::string_view key, const TimedRows::NewRow& row) {
  std::vector<TimedRows::Key> keys;
  rows.intern(test::batch_keys({key}), first_row, keys);
  rows.add(0, keys, {&row, 1});
}

std::span<const TimedRows::Place> range(TimedRows& rows, std::string_view key, int64_t first_us,
                                        int64_t last_us) {
  std::vector<TimedRows::Key> keys;
  rows.intern(test::batch_keys({key}), first_row, keys);
  return rows.range(0, keys.front(), first_us, last_us);
}

std::vector<std::string> texts(std::span<const TimedRows::Place> places) {
  std::vector<std::string> texts;
  for (const TimedRows::Place& place : places) texts.emplace_back(place.row->bytes());
  return texts;
}

std::vector<std::string> freed_before(TimedRows& rows, int64_t cut_us) {
  std::vector<std::string> freed;
  const auto counts = rows.free_before(0, cut_us, [&](const TimedRows::Row& row) -> Status {
    freed.emplace_back(row.bytes());
    return {};
  });
  EXPECT_TRUE(counts.has_value());
  EXPECT_EQ(counts->unmatched, static_cast<int64_t>(freed.size()));
  return freed;
}

TEST(TimedRows, RangeHasBothEndsAndIsByTimeThenByArrival) {
  TimedRows rows(1, 10);
  add(rows, "k", {20, 0, "b"});
  add(rows, "k", {10, 0, "a"});
  add(rows, "k", {20, 0, "c"});
  add(rows, "k", {30, 0, "d"});
  add(rows, "other", {20, 0, "x"});
  EXPECT_EQ(texts(range(rows, "k", 10, 20)), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(range(rows, "k", 21, 29).empty());
  EXPECT_TRUE(range(rows, "k", 30, 10).empty());
  EXPECT_TRUE(range(rows, "unknown", 0, 100).empty());
}

TEST(TimedRows, RowsAreFreedByWholeBuckets) {
  TimedRows rows(1, 10);
  add(rows, "k", {-1, 0, "before zero"});
  add(rows, "k", {9, 0, "first"});
  add(rows, "k", {10, 0, "second"});
  EXPECT_EQ(freed_before(rows, 9), std::vector<std::string>{"before zero"});
  EXPECT_EQ(rows.freed_before_us(0), 0);
  EXPECT_EQ(freed_before(rows, 10), std::vector<std::string>{"first"});
  EXPECT_EQ(rows.freed_before_us(0), 10);
  EXPECT_EQ(texts(range(rows, "k", 0, 100)), std::vector<std::string>{"second"});
  EXPECT_EQ(freed_before(rows, INT64_MAX), std::vector<std::string>{"second"});
}

// A key whose rows go back and forth between buckets is listed by each more than once.
TEST(TimedRows, AKeyThatIsListedTwiceIsFreedOnce) {
  TimedRows rows(1, 10);
  for (int i = 0; i < 6; ++i) add(rows, "k", {i % 2 == 0 ? 5 : 15, 0, std::to_string(i)});
  EXPECT_EQ(freed_before(rows, 10), (std::vector<std::string>{"0", "2", "4"}));
  add(rows, "k", {6, 0, "late"});
  EXPECT_EQ(freed_before(rows, 20), (std::vector<std::string>{"late", "1", "3", "5"}));
  SavedEntries saved;
  saved.take(rows, SnapshotKind::delta);
  EXPECT_EQ(rows.bytes(), 0u);
}

TEST(TimedRows, AMatchIsSavedAndWhatIsFreedIsRemoved) {
  TimedRows rows(1, 10);
  SavedEntries saved;
  add(rows, "k", {5, 3, "a"});
  add(rows, "k", {15, 0, "b"});
  saved.take(rows, SnapshotKind::full);
  rows.mark_matched(0, *range(rows, "k", 15, 15).front().row);
  freed_before(rows, 10);
  saved.take(rows, SnapshotKind::delta);
  EXPECT_EQ(saved.marks(), 2u);
  TimedRows restored(1, 10);
  ASSERT_TRUE(saved.restore(restored));
  const auto left = range(restored, "k", 0, 100);
  ASSERT_EQ(texts(left), std::vector<std::string>{"b"});
  EXPECT_TRUE(left.front().row->is_matched);
}

TEST(TimedRows, AKeyLivesAsLongAsAnyListHasRowsOfIt) {
  TimedRows rows(2, 10);
  std::vector<TimedRows::Key> keys;
  rows.intern(test::batch_keys({"k"}), first_row, keys);
  const TimedRows::NewRow row{5, 0, "a"};
  rows.add(0, keys, {&row, 1});
  rows.add(1, keys, {&row, 1});
  freed_before(rows, 10);
  EXPECT_TRUE(rows.range(0, keys.front(), 0, 9).empty());
  EXPECT_EQ(texts(rows.range(1, keys.front(), 0, 9)), std::vector<std::string>{"a"});
  EXPECT_EQ(rows.freed_before_us(1), INT64_MIN);
  SavedEntries saved;
  saved.take(rows, SnapshotKind::full);
  ASSERT_EQ(saved.entries().size(), 1u);
  EXPECT_EQ(saved.entries().begin()->first.first, 1) << "its table";
  TimedRows restored(2, 10);
  ASSERT_TRUE(saved.restore(restored));
  restored.intern(test::batch_keys({"k"}), first_row, keys);
  EXPECT_EQ(texts(restored.range(1, keys.front(), 0, 9)), std::vector<std::string>{"a"});
}

TEST(TimedRows, WhatComesAndGoesWithinAnEpochIsNotWritten) {
  TimedRows rows(1, 10);
  SavedEntries saved;
  add(rows, "k", {5, 0, "a"});
  freed_before(rows, 10);
  saved.take(rows, SnapshotKind::delta);
  EXPECT_EQ(saved.marks(), 0u);
}

// Against a list that is searched, with restores on the way.
TEST(TimedRows, FindsAndFreesWhatAListWouldAlsoOverRestores) {
  constexpr unsigned seed = 11;
  SCOPED_TRACE("seed " + std::to_string(seed));
  struct Known {
    std::string key;
    int64_t time_us;
    std::string row;
  };
  std::mt19937 random(seed);
  auto rows = std::make_unique<TimedRows>(1, 10);
  std::vector<Known> expected;
  SavedEntries saved;
  saved.take(*rows, SnapshotKind::full);
  int64_t clock_us = 0;
  for (int step = 0; step < 5'000; ++step) {
    clock_us += random() % 3;
    const std::string key = "key" + std::to_string(random() % 4);
    const int64_t time_us = clock_us + static_cast<int64_t>(random() % 40);
    add(*rows, key, {time_us, 0, std::to_string(step)});
    expected.push_back({key, time_us, std::to_string(step)});
    const int64_t first_us = clock_us + static_cast<int64_t>(random() % 20);
    std::vector<Known> in_range;
    for (const Known& known : expected) {
      const bool is_in = known.time_us >= first_us && known.time_us <= first_us + 10;
      if (known.key == key && is_in) in_range.push_back(known);
    }
    std::stable_sort(in_range.begin(), in_range.end(), [](const Known& left, const Known& right) {
      return left.time_us < right.time_us;
    });
    std::vector<std::string> found;
    for (const Known& known : in_range) found.push_back(known.row);
    ASSERT_EQ(texts(range(*rows, key, first_us, first_us + 10)), found) << step;
    if (random() % 10 == 0) {
      const int64_t cut_us = clock_us / 10 * 10;
      const size_t freed = freed_before(*rows, cut_us).size();
      ASSERT_EQ(std::erase_if(expected, [&](const Known& known) { return known.time_us < cut_us; }),
                freed);
    }
    if (random() % 50 == 0) {
      saved.take(*rows, SnapshotKind::delta);
      ASSERT_EQ(saved.entries().size(), expected.size());
      rows = std::make_unique<TimedRows>(1, 10);
      ASSERT_TRUE(saved.restore(*rows));
    }
  }
}

}  // namespace
}  // namespace sluice
