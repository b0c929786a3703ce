#include "operators/lookup_cache.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

constexpr LookupCacheSettings settings{
    .ttl_us = 1'000'000, .missing_ttl_us = 1'000, .max_rows = 1'000};

FoundRow found(std::string values) { return {FoundRow::Kind::found, std::move(values)}; }

// What the table answered can be asked again; a pipeline that stops for want of room cannot.
TEST(LookupCache, MakesRoomInsteadOfGrowingPastTheBudget) {
  MemoryPool memory(4'000);
  LookupCache cache(settings, memory, "lookup cache");
  for (int key = 0; key < 100; ++key) {
    const Status put = cache.put(std::to_string(key), found(std::string(200, 'x')), 0);
    ASSERT_TRUE(put) << put.error().to_string() << " at key " << key;
  }
  EXPECT_LE(memory.used_bytes(), 4'000u);
  EXPECT_GT(cache.size(), 1u);
  EXPECT_NE(cache.find("99", 0), nullptr);
  EXPECT_NE(cache.find("98", 0), nullptr);
  EXPECT_EQ(cache.find("0", 0), nullptr);
}

TEST(LookupCache, SaysWhenNotEvenOneRowFits) {
  MemoryPool memory(4'000);
  LookupCache cache(settings, memory, "lookup cache");
  ASSERT_TRUE(cache.put("small", found(std::string("x")), 0));
  const Status put = cache.put("large", found(std::string(5'000, 'x')), 0);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::budget_exceeded);
}

}  // namespace
}  // namespace sluice
