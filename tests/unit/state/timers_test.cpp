#include "state/timers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "unit/state/saved_entries.hpp"
#include "unit/state/test_keys.hpp"

namespace sluice {
namespace {

using test::key;
using test::SavedEntries;

// "b@10 a@20 ": as they come, those of one time by their keys.
std::string due_until(Timers& timers, int64_t until_us) {
  std::vector<std::pair<int64_t, std::string>> all;
  while (const auto due = timers.take_due(until_us)) {
    EXPECT_TRUE(all.empty() || all.back().first <= due->time_us);
    all.emplace_back(due->time_us, due->key);
  }
  std::sort(all.begin(), all.end());
  std::string text;
  for (const auto& [time_us, name] : all) text += name + "@" + std::to_string(time_us) + " ";
  return text;
}

TEST(Timers, DueOnesComeByTime) {
  Timers timers(0);
  timers.set(key("c"), 20);
  timers.set(key("b"), 10);
  timers.set(key("a"), 20);
  timers.set(key("d"), 30);
  EXPECT_EQ(due_until(timers, 9), "");
  EXPECT_EQ(due_until(timers, 20), "b@10 a@20 c@20 ");
  EXPECT_EQ(due_until(timers, INT64_MAX), "d@30 ");
  EXPECT_EQ(timers.size(), 0u);
}

TEST(Timers, AKeyHasOneTimerThatIsReplacedAndRemoved) {
  Timers timers(0);
  timers.set(key("a"), 30);
  timers.set(key("a"), 10);
  timers.set(key("b"), 5);
  EXPECT_EQ(timers.time_us(key("a")), 10);
  timers.remove(key("b"));
  timers.remove(key("unknown"));
  EXPECT_EQ(timers.time_us(key("b")), std::nullopt);
  EXPECT_EQ(due_until(timers, 100), "a@10 ");
}

TEST(Timers, ADeltaHasOnlyWhatChangedAndSaysWhatIsGone) {
  Timers timers(3);
  SavedEntries saved;
  timers.set(key("a"), 1);
  timers.set(key("b"), 2);
  timers.set(key("never saved"), 3);
  timers.remove(key("never saved"));
  saved.take(timers, SnapshotKind::delta);
  EXPECT_EQ(saved.marks(), 2u);
  timers.set(key("b"), 2);
  saved.take(timers, SnapshotKind::delta);
  EXPECT_EQ(saved.marks(), 0u);
  EXPECT_EQ(due_until(timers, 1), "a@1 ");
  saved.take(timers, SnapshotKind::delta);
  EXPECT_EQ(saved.marks(), 1u);
  EXPECT_EQ(saved.entries().size(), 1u);
}

TEST(Timers, WhatIsEmptyWeighsNothing) {
  Timers timers(0);
  SavedEntries saved;
  for (int i = 0; i < 100; ++i) timers.set(key("key " + std::to_string(i)), i);
  EXPECT_GT(timers.bytes(), 100u * 16);
  saved.take(timers, SnapshotKind::full);
  due_until(timers, INT64_MAX);
  saved.take(timers, SnapshotKind::delta);
  EXPECT_EQ(timers.bytes(), 0u);
  EXPECT_TRUE(saved.entries().empty());
}

TEST(Timers, AMalformedEntryIsRefused) {
  Timers timers(0);
  EXPECT_FALSE(timers.restore({0, KeyGroup(0), "a", "short"}).has_value());
  EXPECT_FALSE(timers.restore({0, KeyGroup(0), "a", "nine bytes"}).has_value());
}

// Against a map, with full snapshots, deltas and restores in between.
TEST(Timers, Random_EqualAMapThroughSnapshotsAndRestores) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    std::map<std::string, int64_t> model;
    auto timers = std::make_unique<Timers>(7);
    SavedEntries saved;
    for (int step = 0; step < 400; ++step) {
      const std::string name(1 + random() % 2, static_cast<char>('a' + random() % 6));
      const auto time_us = static_cast<int64_t>(random() % 50);
      const uint32_t action = random() % 8;
      if (action < 4) {
        timers->set(key(name), time_us);
        model[name] = time_us;
      } else if (action == 4) {
        timers->remove(key(name));
        model.erase(name);
      } else if (action == 5) {
        std::map<std::pair<int64_t, std::string>, bool> due;
        for (const auto& [own, at_us] : model) {
          if (at_us <= time_us) due[{at_us, own}] = true;
        }
        std::string expected;
        for (const auto& [at, is_due] : due) {
          expected += at.second + "@" + std::to_string(at.first) + " ";
          model.erase(at.second);
        }
        ASSERT_EQ(due_until(*timers, time_us), expected) << "seed " << seed;
      } else {
        saved.take(*timers, action == 6 ? SnapshotKind::full : SnapshotKind::delta);
        if (random() % 2 == 0) {
          timers = std::make_unique<Timers>(7);
          ASSERT_TRUE(saved.restore(*timers));
        }
      }
      ASSERT_EQ(timers->size(), model.size()) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace sluice
