#include "memory/arena.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice {
namespace {

TEST(Arena, CopiesStayWhereTheyAreWhileItGrows) {
  Arena arena;
  std::vector<std::string> texts;
  std::vector<std::string_view> copies;
  for (size_t i = 0; i < 3000; ++i) {
    texts.push_back(std::string(i % 97, static_cast<char>('a' + i % 26)));
    copies.push_back(arena.copy(texts.back()));
  }
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(copies[i], texts[i]);
}

TEST(Arena, TakesPiecesLargerThanASegment) {
  Arena arena;
  const std::string large(3 * Arena::segment_bytes, 'x');
  const std::string_view small = arena.copy("small");
  EXPECT_EQ(arena.copy(large), large);
  EXPECT_EQ(arena.copy("after"), "after");
  EXPECT_EQ(small, "small");
  EXPECT_GE(arena.allocated_bytes(), large.size());
}

// Under the address sanitizer this fails when the padding is missing.
TEST(Arena, BytesAfterAnyCopyAreReadable) {
  for (const size_t size : {size_t{0}, size_t{1}, Arena::segment_bytes - Arena::padding_bytes,
                            Arena::segment_bytes, 2 * Arena::segment_bytes}) {
    Arena arena;
    const std::string_view copy = arena.copy(std::string(size, 'x'));
    unsigned sum = 0;
    if (size == 0) continue;
    for (size_t i = 0; i < Arena::padding_bytes; ++i) {
      sum += static_cast<unsigned char>(*(copy.data() + copy.size() + i));
    }
    EXPECT_LE(sum, 255u * Arena::padding_bytes);
  }
}

TEST(Arena, ReservedBytesLieInOneSegment) {
  Arena arena;
  arena.copy("x");
  arena.reserve(40'000);
  const char* const first = arena.allocate(20'000);
  EXPECT_EQ(arena.allocate(20'000), first + 20'000);
}

}  // namespace
}  // namespace sluice
