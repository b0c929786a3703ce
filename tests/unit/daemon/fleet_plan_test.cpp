#include "daemon/fleet_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "unit/daemon/proposals.hpp"

namespace sluice {
namespace {

using test::broken;
using test::sound;
using Kind = FleetDecision::Kind;

// "a: changed 2", with the content that is to run; "-" for none.
std::string text_of(const FleetDecision& decision) {
  const std::map<Kind, std::string> kinds = {{Kind::unchanged, "unchanged"},
                                             {Kind::added, "added"},
                                             {Kind::changed, "changed"},
                                             {Kind::removed, "removed"},
                                             {Kind::refused, "refused"}};
  const std::string content = decision.version ? std::to_string(decision.version->digest) : "-";
  return decision.name + ": " + kinds.at(decision.kind) + " " + content;
}

struct Case {
  std::string what;
  std::vector<Proposal> running;
  std::vector<Proposal> files;
  std::vector<std::string> expected;        // by name
  std::vector<uint64_t> unfit_states = {};  // contents that the saved state does not fit
};

const Case cases[] = {
    {"all start", {}, {sound("a", "a", 1), sound("b", "b", 1)}, {"a: added 1", "b: added 1"}},
    {"a wrong file has failed",
     {},
     {broken("a"), sound("b", "b", 1)},
     {"a: refused -", "b: added 1"}},
    {"nothing is other", {sound("a", "a", 1)}, {sound("a", "a", 1)}, {"a: unchanged 1"}},
    {"a renamed file is the same pipeline",
     {sound("a", "a", 1)},
     {sound("z", "a", 1)},
     {"a: unchanged 1"}},
    {"a renamed pipeline is another one",
     {sound("a", "a", 1)},
     {sound("a", "b", 2)},
     {"a: removed -", "b: added 2"}},
    {"files that exchange their pipelines change neither",
     {sound("a", "a", 1), sound("b", "b", 2)},
     {sound("a", "b", 2), sound("b", "a", 1)},
     {"a: unchanged 1", "b: unchanged 2"}},
    {"one comes, one goes, one changes",
     {sound("a", "a", 1), sound("b", "b", 1)},
     {sound("b", "b", 2), sound("c", "c", 1)},
     {"a: removed -", "b: changed 2", "c: added 1"}},
    {"an error takes nothing from what runs",
     {sound("a", "a", 1)},
     {broken("a")},
     {"a: refused 1"}},
    {"also in a file of another name", {sound("a", "a", 1)}, {broken("z", "a")}, {"a: refused 1"}},
    {"also when the pipeline is renamed",
     {sound("a", "a", 1)},
     {broken("a", "b")},
     {"a: refused 1"}},
    {"a broken file's pipeline is not taken over by a copy of it",
     {sound("a", "a", 1)},
     {broken("a"), sound("copy", "a", 2)},
     {"a: refused 1", "copy: refused -"}},
    {"a name stays with the file that it runs from",
     {sound("b", "x", 1)},
     {sound("a", "x", 2), sound("b", "x", 1)},
     {"a: refused -", "x: unchanged 1"}},
    {"the first of one name starts",
     {},
     {sound("a", "x", 1), sound("b", "x", 2)},
     {"b: refused -", "x: added 1"}},
    {"a state that does not fit is found out before",
     {sound("a", "a", 1)},
     {sound("a", "a", 2)},
     {"a: refused 1"},
     {2}},
    {"who starts afresh is not asked for its state", {}, {sound("a", "a", 2)}, {"a: added 2"}, {2}},
    {"the first that writes a table starts",
     {},
     {sound("a", "a", 1, {"t"}), sound("b", "b", 1, {"t"})},
     {"a: added 1", "b: refused -"}},
    {"who runs goes before an earlier file",
     {sound("b", "b", 1, {"t"})},
     {sound("a", "a", 1, {"t"}), sound("b", "b", 1, {"t"})},
     {"a: refused -", "b: unchanged 1"}},
    {"a change that takes a neighbour's table is refused",
     {sound("a", "a", 1), sound("b", "b", 1, {"t"})},
     {sound("a", "a", 2, {"t"}), sound("b", "b", 1, {"t"})},
     {"a: refused 1", "b: unchanged 1"}},
    {"a table moves from one to another",
     {sound("a", "a", 1), sound("b", "b", 1, {"t"})},
     {sound("a", "a", 2, {"t"}), sound("b", "b", 2)},
     {"a: changed 2", "b: changed 2"}},
    {"two exchange their tables",
     {sound("a", "a", 1, {"t"}), sound("b", "b", 1, {"u"})},
     {sound("a", "a", 2, {"u"}), sound("b", "b", 2, {"t"})},
     {"a: changed 2", "b: changed 2"}},
    {"a table of one that goes is free",
     {sound("b", "b", 1, {"t"})},
     {sound("a", "a", 1, {"t"})},
     {"a: added 1", "b: removed -"}},
    {"a table of one whose change is refused is not",
     {sound("b", "b", 1, {"t"})},
     {sound("a", "a", 1, {"t"}), sound("b", "b", 2)},
     {"a: refused -", "b: refused 1"},
     {2}},
    {"nor is that of one whose change is refused for a neighbour's sake",
     {sound("b", "b", 1, {"t"}), sound("c", "c", 1, {"u"})},
     {sound("a", "a", 1, {"t"}), sound("b", "b", 2, {"u"}), sound("c", "c", 1, {"u"})},
     {"a: refused -", "b: refused 1", "c: unchanged 1"}},
};

TEST(FleetPlan, DecidesForEachPipeline) {
  for (const Case& one : cases) {
    std::vector<Incumbent> incumbents;
    for (const Proposal& running : one.running)
      incumbents.push_back({running.file, running.version});
    std::vector<Proposal> files = one.files;
    const auto judge = [&](const PipelineVersion& version, Diagnostics& diagnostics) {
      const auto& unfit = one.unfit_states;
      if (std::find(unfit.begin(), unfit.end(), version.digest) == unfit.end()) return;
      diagnostics.error(ErrorCode::state_incompatible, SourceLocation{}, "does not fit");
    };
    std::vector<std::string> decided;
    for (const FleetDecision& decision : plan_fleet(files, incumbents, judge)) {
      decided.push_back(text_of(decision));
      if (decision.kind != Kind::refused) continue;
      EXPECT_TRUE(files[decision.proposal].diagnostics.has_errors()) << one.what;
    }
    std::sort(decided.begin(), decided.end());
    EXPECT_EQ(decided, one.expected) << one.what;
  }
}

TEST(FleetPlan, PartOfWhatGoesOnIsNoPipeline) {
  Proposal whole = sound("whole", "whole", 1);
  auto version = std::make_shared<PipelineVersion>(*whole.version);
  version->included = {"pipelines/part.yaml"};
  std::vector<Proposal> files = {broken("part"), broken("whole")};
  const auto decisions = plan_fleet(files, {{whole.file, version}}, {});
  ASSERT_EQ(decisions.size(), 1u);
  EXPECT_EQ(text_of(decisions[0]), "whole: refused 1");
}

TEST(FleetPlan, LatterOfTwoWhoseKeysMayMeetIsWarned) {
  std::vector<Proposal> files = {sound("a", "a", 1, {"key k:{}"}),
                                 sound("b", "b", 1, {"key k:x:{}"})};
  plan_fleet(files, {}, {});
  EXPECT_EQ(files[0].diagnostics.warning_count(), 0u);
  EXPECT_EQ(files[1].diagnostics.warning_count(), 1u);
}

}  // namespace
}  // namespace sluice
