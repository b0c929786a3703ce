#include "data/lineage.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(Lineage, DifferenceNamesWhatIsGoneNewAndInItsPlace) {
  const Lineage before{{{"key", "k"}, {"call", "sum(v)"}, {"call", "min(v)"}, {"zone", "UTC"}}, ""};
  const Lineage after{{{"key", "k"}, {"key", "j"}, {"call", "sum(v)"}, {"zone", "Asia/Tokyo"}}, ""};
  EXPECT_EQ(difference(before, after),
            "key: j is new; call: min(v) is gone; zone: UTC is now Asia/Tokyo");
  EXPECT_EQ(difference(before, before), "");
}

TEST(Lineage, DifferenceOfOrderAlone) {
  const Lineage before{{{"key", "k"}, {"key", "j"}}, ""};
  const Lineage after{{{"key", "j"}, {"key", "k"}}, ""};
  EXPECT_EQ(difference(before, after), "key: k, j are now in the order j, k");
}

TEST(Lineage, DifferenceCountsEqualTexts) {
  const Lineage once{{{"filter", "a"}}, ""};
  const Lineage twice{{{"filter", "a"}, {"filter", "a"}}, ""};
  EXPECT_EQ(difference(once, twice), "filter: a is new");
}

TEST(Lineage, LongDifferenceIsCut) {
  Lineage before;
  for (int i = 0; i < 9; ++i) before.facts.push_back({"key", std::to_string(i)});
  const std::string told = difference(before, {});
  EXPECT_EQ(told.substr(told.find("5 is")), "5 is gone; and 3 more");
}

TEST(Lineage, FingerprintKeepsAspectAndTextApart) {
  EXPECT_NE(fingerprint_of({{"a", "bc"}}), fingerprint_of({{"ab", "c"}}));
  EXPECT_NE(fingerprint_of({{"a", "b"}, {"c", "d"}}), fingerprint_of({{"c", "d"}, {"a", "b"}}));
  EXPECT_EQ(fingerprint_of({{"a", "b"}}).size(), 16u);
}

}  // namespace
}  // namespace sluice
