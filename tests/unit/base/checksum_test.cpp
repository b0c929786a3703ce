#include "base/checksum.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace sluice {
namespace {

// Saved state and files depend on these values: they must never change.
TEST(Checksum, IsStableAcrossVersions) {
  EXPECT_EQ(checksum(""), 0x2d06800538d394c2u);
  EXPECT_EQ(stable_hash(""), 0x2d06800538d394c2u);
  EXPECT_EQ(stable_hash("a"), 0xe6c632b61e964e1fu);
}

TEST(RunningChecksum, OfPiecesIsThatOfTheWhole) {
  std::string whole;
  for (int i = 0; i < 1000; ++i) whole += static_cast<char>(i * 7);
  for (const size_t piece : {1, 7, 256, 999}) {
    RunningChecksum running;
    for (size_t at = 0; at < whole.size(); at += piece) {
      running.update(std::string_view(whole).substr(at, piece));
    }
    EXPECT_EQ(running.value(), checksum(whole)) << piece;
  }
}

TEST(RunningChecksum, ValueMayBeReadInBetween) {
  RunningChecksum running;
  running.update("ab");
  EXPECT_EQ(running.value(), checksum("ab"));
  running.update("c");
  EXPECT_EQ(running.value(), checksum("abc"));
}

TEST(Checksum, TableHash_IsAnotherOneWithAnotherSeed) {
  seed_tables(1);
  const uint64_t hash = table_hash("key");
  EXPECT_EQ(table_hash("key"), hash);
  seed_tables(2);
  EXPECT_NE(table_hash("key"), hash);
}

// Whoever knows the stable hash can find keys that all begin in one of 4096 slots by it.
TEST(Checksum, TableHash_SpreadsKeysThatMeetByTheStableOne) {
  const auto slot_of = [](uint64_t hash) { return (hash >> 32) % 4096; };
  std::map<uint64_t, size_t> keys_of_slot;
  size_t keys = 0;
  for (uint64_t number = 0; keys < 1'000; ++number) {
    const std::string key(reinterpret_cast<const char*>(&number), sizeof number);
    if (slot_of(stable_hash(key)) != 7) continue;
    ++keys;
    ++keys_of_slot[slot_of(table_hash(key))];
  }
  for (const auto& [slot, count] : keys_of_slot) EXPECT_LT(count, 20u) << slot;
}

}  // namespace
}  // namespace sluice
