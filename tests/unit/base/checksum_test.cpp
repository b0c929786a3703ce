#include "base/checksum.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

// Saved state and files depend on these values: they must never change.
TEST(Checksum, IsStableAcrossVersions) {
  EXPECT_EQ(checksum(""), 0x2d06800538d394c2u);
  EXPECT_EQ(hash_bytes(""), 0x2d06800538d394c2u);
  EXPECT_EQ(hash_bytes("a"), 0xe6c632b61e964e1fu);
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

}  // namespace
}  // namespace sluice
