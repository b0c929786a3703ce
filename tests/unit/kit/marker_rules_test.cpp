#include "kit/marker_rules.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

const PublisherIds ids{"main.p.target.0", "own", "o2"};

Marker marker(uint64_t epoch, const std::string& owner = "o1", const std::string& uid = "own") {
  return {uid, owner, Epoch(epoch), epoch == 0 ? 0 : 100 + epoch};
}

ErrorCode code_of(const Result<Marker>& result) {
  return result ? ErrorCode::internal : result.error().code;
}

TEST(ClaimMarker, OfANewTargetIsUnused) {
  const auto claimed = claim_marker(ids, std::nullopt, std::nullopt);
  ASSERT_TRUE(claimed.has_value());
  EXPECT_TRUE(is_unused(*claimed));
  EXPECT_EQ(claimed->owner, "o2");
}

TEST(ClaimMarker, KeepsWhatTheTargetShowsAndTakesOwnership) {
  Marker begun = marker(4);
  begun.has_begun = true;
  const auto claimed = claim_marker(ids, begun, marker(3));
  ASSERT_TRUE(claimed.has_value());
  EXPECT_EQ(claimed->epoch, Epoch(4));
  EXPECT_TRUE(claimed->has_begun);
  EXPECT_EQ(claimed->owner, "o2");
}

TEST(ClaimMarker, WhatIsNotAsItWasFoundIsRefused) {
  const auto other = marker(3, "o1", "other");
  EXPECT_EQ(code_of(claim_marker(ids, std::nullopt, marker(3))), ErrorCode::target_refused);
  EXPECT_EQ(code_of(claim_marker(ids, other, std::nullopt)), ErrorCode::target_refused);
  EXPECT_EQ(code_of(claim_marker(ids, other, other)), ErrorCode::target_refused);
  EXPECT_EQ(code_of(claim_marker(ids, marker(2), marker(3))), ErrorCode::target_refused);
}

TEST(ClaimMarker, OneThatAnotherFolderLeftUnusedBecomesOurs) {
  const auto unused = marker(0, "o1", "other");
  const auto claimed = claim_marker(ids, unused, unused);
  ASSERT_TRUE(claimed.has_value());
  EXPECT_EQ(claimed->uid, "own");
  Marker begun = unused;
  begun.has_begun = true;
  EXPECT_EQ(code_of(claim_marker(ids, begun, begun)), ErrorCode::target_refused);
}

TEST(OwnMarker, IsOursOrSaysWhatBecameOfIt) {
  EXPECT_TRUE(own_marker(ids, marker(3, "o2")).has_value());
  EXPECT_EQ(code_of(own_marker(ids, marker(3, "o1"))), ErrorCode::fenced);
  const auto gone = own_marker(ids, std::nullopt);
  ASSERT_EQ(code_of(gone), ErrorCode::target_refused);
  EXPECT_EQ(gone.error().message, "the marker of main.p.target.0 is gone");
  EXPECT_FALSE(gone.error().advice.empty());
}

TEST(CheckFollows, TakesEpochAndChecksum) {
  EXPECT_TRUE(check_follows(ids, marker(3), marker(3, "o2")).has_value());
  Marker other_checksum = marker(3);
  other_checksum.checksum = 7;
  for (const Marker& shown : {marker(2), marker(4), other_checksum}) {
    const Status follows = check_follows(ids, shown, marker(3));
    ASSERT_FALSE(follows.has_value());
    EXPECT_EQ(follows.error().code, ErrorCode::target_refused);
  }
}

TEST(MarkerWith, IsThatOfTheWholeEpoch) {
  PublishRequest request;
  request.after = marker(3, "o2");
  request.after.has_begun = true;
  request.after.rejects_checksum = 9;
  request.epoch = Epoch(5);
  request.checksum = 105;
  const Marker whole = marker_with(request);
  EXPECT_EQ(whole.uid, "own");
  EXPECT_EQ(whole.owner, "o2");
  EXPECT_EQ(whole.epoch, Epoch(5));
  EXPECT_EQ(whole.checksum, 105u);
  EXPECT_EQ(whole.rejects_checksum, 0u);
  EXPECT_FALSE(whole.has_begun);
  EXPECT_EQ(marker_with(request, 8).rejects_checksum, 8u);
}

}  // namespace
}  // namespace sluice
