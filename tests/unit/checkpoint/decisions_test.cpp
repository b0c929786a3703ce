// Every row of the recovery table in checkpoint/PROTOCOL.md that facts can tell apart, as data.
#include "checkpoint/decisions.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace sluice::test {
namespace {

constexpr char own_uid[] = "own";

MarkerPoint point(uint64_t epoch, uint64_t checksum) { return {Epoch(epoch), checksum}; }
// Of an epoch that manifest N of this folder decided, checksum 100 + N.
MarkerPoint own(uint64_t epoch) { return epoch == 0 ? MarkerPoint{} : point(epoch, 100 + epoch); }

SpoolFacts spool(uint64_t epoch, uint64_t after, bool is_published = false) {
  return {own(epoch), own(after), is_published};
}

Marker marker(MarkerPoint shown, bool has_begun = false, const std::string& uid = own_uid) {
  return {uid, "owner", shown.epoch, shown.checksum, 0, has_begun};
}

struct TargetCase {
  std::string name;
  uint64_t newest;
  TargetFacts facts;
  std::variant<size_t, Refusal> expected;
};

std::string text(const std::variant<size_t, Refusal>& outcome) {
  if (const auto* first = std::get_if<size_t>(&outcome)) return "from " + std::to_string(*first);
  return "refusal " + std::to_string(static_cast<int>(std::get<Refusal>(outcome)));
}

struct Facts {
  std::optional<MarkerPoint> recorded;
  std::vector<SpoolFacts> spools;
  std::optional<Marker> marker;
  std::optional<MarkerPoint> noted = std::nullopt;
  bool is_configured = true;
  bool is_moved = false;

  operator TargetFacts() const {
    return {"db", {}, {}, is_configured, is_moved, recorded, noted, spools, marker};
  }
};

const std::vector<SpoolFacts> one = {spool(5, 4)};
const std::vector<SpoolFacts> two = {spool(4, 2), spool(5, 4)};
const std::vector<SpoolFacts> retained = {spool(3, 2, true), spool(4, 3, true), spool(5, 4)};

const std::vector<TargetCase>& takeover_cases() {
  static const std::vector<TargetCase> cases = {
      {"NewTargetThatAnotherFolderLeftUnused", 5, Facts{{}, {}, marker(own(0), false, "other")},
       size_t{0}},
      {"NewTargetThatAnotherFolderWrote", 5, Facts{{}, {}, marker(own(3), false, "other")},
       Refusal::foreign_folder},
      {"NewTargetThatAnotherFolderBeganToWrite", 5, Facts{{}, {}, marker(own(0), true, "other")},
       Refusal::foreign_folder},
      {"FirstEpochOfATargetThatAnotherFolderTookAndLeftUnused", 1,
       Facts{own(0), {spool(1, 0)}, marker(own(0), false, "other")}, size_t{0}},
      {"TargetWrittenBeforeThatAnotherFolderTook", 5,
       Facts{own(4), one, marker(own(0), false, "other")}, Refusal::foreign_folder},
  };
  return cases;
}

const std::vector<TargetCase>& target_cases() {
  static const std::vector<TargetCase> cases = {
      {"NewTargetWithoutMarker", 5, Facts{{}, {}, {}}, size_t{0}},
      {"NewTargetClaimedBeforeACrash", 5, Facts{{}, {}, marker(own(0))}, size_t{0}},
      {"NewTargetInFreshFolder", 0, Facts{{}, {}, {}}, size_t{0}},
      {"FolderLostItsManifests", 0, Facts{{}, {}, marker(own(3))}, Refusal::folder_older},
      {"FolderLostItsManifestsBetweenChunks", 0, Facts{{}, {}, marker(own(0), true)},
       Refusal::folder_older},
      {"TargetThatTheManifestForgot", 5, Facts{{}, {}, marker(own(3))}, Refusal::unexpected_marker},

      {"FirstEpochOfANewTargetDecidedThenCrash", 1, Facts{own(0), {spool(1, 0)}, marker(own(0))},
       size_t{0}},
      {"DecidedNotPublished", 5, Facts{own(4), one, marker(own(4))}, size_t{0}},
      {"PublishedNotNoted", 5, Facts{own(4), one, marker(own(5))}, size_t{1}},
      {"NothingUnpublishedMarkerAsRecorded", 5, Facts{own(3), {}, marker(own(3))}, size_t{0}},
      {"OlderSpoolUnpublishedWhileNewerEpochsAreEmpty", 9, Facts{own(4), one, marker(own(4))},
       size_t{0}},
      {"TwoUnpublishedFromTheFirst", 5, Facts{own(2), two, marker(own(2))}, size_t{0}},
      {"TwoUnpublishedFirstIsThere", 5, Facts{own(2), two, marker(own(4))}, size_t{1}},
      {"TwoUnpublishedBothAreThere", 5, Facts{own(2), two, marker(own(5))}, size_t{2}},
      {"BetweenTwoChunks", 5, Facts{own(4), one, marker(own(4), true)}, size_t{0}},
      {"BetweenTwoChunksOfAnUnknownEpoch", 5, Facts{own(4), one, marker(own(5), true)},
       Refusal::folder_older},

      {"RestoredFromABackupWithinRetainedSpools", 5, Facts{own(4), retained, marker(own(3))},
       size_t{1}},
      {"RestoredFromABackupBeforeTheFirstRetainedSpool", 5, Facts{own(4), retained, marker(own(2))},
       size_t{0}},
      {"RestoredFromABackupOlderThanEverySpool", 5, Facts{own(4), retained, marker(own(1))},
       Refusal::target_older},
      {"RestoredFromABackupWithNothingKept", 5, Facts{own(4), {}, marker(own(3))},
       Refusal::target_older},
      {"MarkerLost", 5, Facts{own(4), one, {}}, Refusal::marker_lost},
      {"MarkerLostWithNothingToPublish", 5, Facts{own(5), {}, {}}, Refusal::marker_lost},

      {"FolderOlderThanTheTarget", 5, Facts{own(4), one, marker(own(6))}, Refusal::folder_older},
      {"CopiedFolderWentOnElsewhereSameEpoch", 5, Facts{own(4), one, marker(point(5, 1))},
       Refusal::checksum_differs},
      {"CopiedFolderWentOnElsewhereBefore", 5, Facts{own(4), one, marker(point(4, 1))},
       Refusal::checksum_differs},
      {"TwoTeamsWithOneName", 5, Facts{own(4), one, marker(own(4), false, "other")},
       Refusal::foreign_folder},
      {"MarkerBetweenKnownEpochs", 9, Facts{own(4), {spool(8, 4)}, marker(own(6))},
       Refusal::unexpected_marker},

      {"TargetRemovedWithSpoolPending", 5, Facts{own(4), one, {}, {}, false},
       Refusal::connection_missing},
      {"TargetRemovedWithSpoolNotedAsPublished", 5, Facts{own(4), one, {}, own(5), false},
       size_t{1}},
      {"TargetRemovedWithAnOlderNote", 5, Facts{own(2), two, {}, own(4), false},
       Refusal::connection_missing},
      {"TargetRemovedWithNothingPending", 5, Facts{own(4), {}, {}, {}, false}, size_t{0}},
      {"ConnectionMovedWithSpoolPending", 5, Facts{own(4), one, {}, {}, true, true},
       Refusal::connection_moved},
      {"ConnectionMovedToANewSystem", 5, Facts{own(5), {}, {}, {}, true, true}, size_t{0}},
      {"ConnectionMovedAfterACleanStop", 5, Facts{own(4), one, {}, own(5), true, true}, size_t{1}},
      {"ConnectionMovedWithItsMarkerAndSpoolPending", 5,
       Facts{own(4), one, marker(own(4)), {}, true, true}, size_t{0}},
      {"ConnectionMovedWithItsMarkerBehindAnUnknownSpool", 5,
       Facts{own(4), one, marker(own(5), 7), {}, true, true}, Refusal::connection_moved},
      {"ConnectionMovedTogetherWithItsMarker", 5, Facts{own(5), {}, marker(own(5)), {}, true, true},
       size_t{0}},
      {"ConnectionMovedToAnOlderCopy", 5, Facts{own(5), {}, marker(own(3)), {}, true, true},
       Refusal::unexpected_marker},
  };
  return cases;
}

void PrintTo(const TargetCase& test, std::ostream* out) { *out << test.name; }

class DecideTarget : public testing::TestWithParam<TargetCase> {};

TEST_P(DecideTarget, Outcome) {
  const TargetCase& test = GetParam();
  const auto decision = decide_target(own_uid, Epoch(test.newest), test.facts);
  std::variant<size_t, Refusal> outcome;
  if (const auto* refusal = std::get_if<Refuse>(&decision)) {
    outcome = refusal->reason;
    EXPECT_EQ(refusal->error.retry, Retry::never);
    EXPECT_NE(refusal->error.message.find("db"), std::string::npos)
        << "the target is not named: " << refusal->error.message;
  } else {
    outcome = std::get<size_t>(decision);
  }
  EXPECT_EQ(outcome, test.expected) << text(outcome) << ", not " << text(test.expected);
}

INSTANTIATE_TEST_SUITE_P(Rows, DecideTarget, testing::ValuesIn(target_cases()),
                         [](const auto& test) { return test.param.name; });
INSTANTIATE_TEST_SUITE_P(Takeovers, DecideTarget, testing::ValuesIn(takeover_cases()),
                         [](const auto& test) { return test.param.name; });

StartFacts start_with(std::vector<TargetFacts> targets) {
  StartFacts facts;
  facts.uid = own_uid;
  facts.pipeline_id = "main.trade";
  facts.manifest = ManifestFacts{Epoch(5), "main.trade"};
  facts.targets = std::move(targets);
  return facts;
}

TEST(DecideStart, WithoutManifestIsFresh) {
  StartFacts facts = start_with({Facts{{}, {}, {}}});
  facts.manifest.reset();
  EXPECT_TRUE(std::holds_alternative<StartFresh>(decide_start(facts)));
}

TEST(DecideStart, WithNothingToPublishRestores) {
  const StartFacts facts = start_with({Facts{own(5), {}, marker(own(5))}});
  EXPECT_TRUE(std::holds_alternative<Restore>(decide_start(facts)));
}

TEST(DecideStart, OneTargetPublishedAnotherNotPublishesWhatEachLacks) {
  TargetFacts done = Facts{own(4), {spool(5, 4)}, marker(own(5))};
  TargetFacts behind = Facts{own(4), {spool(5, 4)}, marker(own(4))};
  behind.name = "kafka";
  const auto decision = decide_start(start_with({done, behind}));
  const auto* publish = std::get_if<PublishThenRestore>(&decision);
  ASSERT_NE(publish, nullptr);
  EXPECT_EQ(publish->first_spool, (std::map<std::string, size_t>{{"kafka", 0}}));
}

TEST(DecideStart, OneRefusedTargetRefusesAll) {
  TargetFacts fine = Facts{own(4), {spool(5, 4)}, marker(own(4))};
  TargetFacts lost = Facts{own(4), {}, {}};
  lost.name = "kafka";
  const auto decision = decide_start(start_with({fine, lost}));
  const auto* refusal = std::get_if<Refuse>(&decision);
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->reason, Refusal::marker_lost);
  EXPECT_EQ(refusal->error.code, ErrorCode::target_refused);
  // The way out that does not meet the markers of the other targets.
  EXPECT_NE(refusal->error.advice.find("--namespace"), std::string::npos) << refusal->error.advice;
}

TEST(DecideStart, EveryTargetThatRefusesIsToldWithItsMarkerAndWhatWouldBeWrittenTwice) {
  Marker foreign = marker(own(9));
  foreign.uid = "another folder";
  TargetFacts first = Facts{{}, {}, foreign};
  first.marker_place = "row of a table";
  first.sinks = {"report", "audit"};
  TargetFacts fine = Facts{own(5), {}, marker(own(5))};
  fine.name = "files";
  TargetFacts second = Facts{{}, {}, foreign};
  second.name = "kafka";
  second.marker_place = "topic of progress";
  const auto decision = decide_start(start_with({first, fine, second}));
  const auto* refusal = std::get_if<Refuse>(&decision);
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->reason, Refusal::foreign_folder);
  EXPECT_EQ(refusal->error.message,
            "target db belongs to another state folder, with identity another folder; to go on "
            "would write a second time what has been written there up to epoch 9 by its sinks "
            "report, audit (its marker: row of a table); and target kafka belongs to another state "
            "folder, with identity another folder; to go on would write a second time what has "
            "been written there up to epoch 9 (its marker: topic of progress)");
}

TEST(DecideStart, EveryRefusedEffectIsTold) {
  using Kind = PlanEffect::Kind;
  StartFacts facts = start_with({});
  facts.effects = {{Kind::kept, PlanEffect::Subject::state, "a/x", "a stays"},
                   {Kind::refused, PlanEffect::Subject::state, "b/x", "b differs"},
                   {Kind::begins_empty, PlanEffect::Subject::state, "c/x", "c is new"},
                   {Kind::refused, PlanEffect::Subject::sink, "d", "d differs"}};
  const auto decision = decide_start(facts);
  const auto* refusal = std::get_if<Refuse>(&decision);
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->reason, Refusal::state_misfit);
  EXPECT_EQ(refusal->error.code, ErrorCode::state_incompatible);
  EXPECT_EQ(refusal->error.message, "b differs; and d differs");
}

TEST(DecideStart, EffectsThatAreNotRefusedLetItStart) {
  using Kind = PlanEffect::Kind;
  StartFacts facts = start_with({});
  for (const Kind kind :
       {Kind::kept, Kind::begins, Kind::begins_empty, Kind::sent_from_now, Kind::start_ignored}) {
    facts.effects.push_back({kind, PlanEffect::Subject::state, "a/x", "…"});
  }
  EXPECT_TRUE(std::holds_alternative<Restore>(decide_start(facts)));
}

TEST(DecideStart, FolderOfAnotherPipelineIsRefused) {
  StartFacts facts = start_with({});
  facts.manifest->pipeline_id = "main.other";
  const auto decision = decide_start(facts);
  const auto* refusal = std::get_if<Refuse>(&decision);
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->reason, Refusal::other_pipeline);
}

TEST(DecideSpool, AnswerLostAfterTheCommitIsPublished) {
  const auto decision = decide_spool(marker(own(5)), "owner", spool(5, 4));
  EXPECT_TRUE(std::holds_alternative<Published>(decision));
}

TEST(DecideSpool, AnswerLostBeforeTheCommitPublishesAgain) {
  const auto decision = decide_spool(marker(own(4)), "owner", spool(5, 4));
  EXPECT_TRUE(std::holds_alternative<PublishNow>(decision));
}

TEST(DecideSpool, BetweenChunksPublishesOn) {
  const auto decision = decide_spool(marker(own(4), true), "owner", spool(5, 4));
  EXPECT_TRUE(std::holds_alternative<PublishNow>(decision));
}

TEST(DecideSpool, AnotherOwnerFencesWhateverTheMarkerSays) {
  for (const MarkerPoint& shown : {own(4), own(5), own(6)}) {
    const auto decision = decide_spool(marker(shown), "somebody else", spool(5, 4));
    const auto* refusal = std::get_if<Refuse>(&decision);
    ASSERT_NE(refusal, nullptr);
    EXPECT_EQ(refusal->reason, Refusal::fenced);
    EXPECT_EQ(refusal->error.code, ErrorCode::fenced);
  }
}

TEST(DecideSpool, AnyOtherMarkerStopsTheTarget) {
  for (const MarkerPoint& shown : {own(3), own(6), point(4, 1), point(5, 1)}) {
    const auto decision = decide_spool(marker(shown), "owner", spool(5, 4));
    const auto* refusal = std::get_if<Refuse>(&decision);
    ASSERT_NE(refusal, nullptr) << shown.epoch.value;
    EXPECT_EQ(refusal->reason, Refusal::unexpected_marker);
  }
}

}  // namespace
}  // namespace sluice::test
