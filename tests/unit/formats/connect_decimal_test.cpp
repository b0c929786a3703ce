// Kafka Connect's decimals: bytes to digits.
#include "formats/connect_decimal.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

std::string digits(std::string_view base64, int scale) {
  std::string out;
  const Status status = append_connect_decimal(base64, scale, out);
  return status ? out : "bad";
}

TEST(ConnectDecimal, CountsInPowersOfItsScale) {
  EXPECT_EQ(digits("AfQ=", 2), "5.00");
  EXPECT_EQ(digits("AfQ=", 0), "500");
  EXPECT_EQ(digits("AfQ=", -3), "500000");
  EXPECT_EQ(digits("AfQ=", 5), "0.00500");
  EXPECT_EQ(digits("AA==", 2), "0.00");
  EXPECT_EQ(digits("/w==", 0), "-1");
  EXPECT_EQ(digits("/w==", 2), "-0.01");
  EXPECT_EQ(digits("gA==", 0), "-128");
  EXPECT_EQ(digits("AIA=", 0), "128");
  EXPECT_EQ(digits("1234", 0), "-2658824") << "digits that are bytes";
}

TEST(ConnectDecimal, HoldsUpTo38Digits) {
  // 10^38 - 1, its negative, and 10^38.
  EXPECT_EQ(digits("SztMqFqGxHoJiiI//////w==", 38), "0." + std::string(38, '9'));
  EXPECT_EQ(digits("tMSzV6V5O4X2dd3AAAAAAQ==", 0), "-" + std::string(38, '9'));
  EXPECT_EQ(digits("SztMqFqGxHoJiiJAAAAAAA==", 0), "bad");
  EXPECT_EQ(digits("gAAAAAAAAAAAAAAAAAAAAA==", 0), "bad") << "-2^127";
  EXPECT_EQ(digits("AAAAAAAAAAAAAAAAAAAAAAE=", 0), "bad") << "17 bytes";
}

TEST(ConnectDecimal, RefusesWhatIsNoneOfIts) {
  for (const char* text : {"", "=", "AfQ", "5.00", "A===", "Af*=", "====", "AfQ=AfQ="})
    EXPECT_EQ(digits(text, 2), "bad") << text;
  EXPECT_EQ(digits("AfQ=", 39), "bad");
  EXPECT_EQ(digits("AfQ=", -39), "bad");
}

}  // namespace
}  // namespace sluice
