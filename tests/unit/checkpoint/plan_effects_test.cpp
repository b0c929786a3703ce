// What becomes of a saved pipeline under an edited file, as a table: each row is an edit.
#include "checkpoint/plan_effects.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace sluice::test {
namespace {

using Kind = PlanEffect::Kind;
using Plan = SavedPlan;
using Names = std::map<std::string, std::string>;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Lineage lineage(std::vector<LineageFact> facts) {
  Lineage made{std::move(facts), {}};
  made.fingerprint = fingerprint_of(made.facts);
  return made;
}

// A state over the stream of orders, whose changes go to a table.
SavedPlan plan() {
  SavedPlan plan;
  plan.states["total/group"] = {lineage({{"key", "k"}, {"call", "sum(v)"}}), {"k/orders"}};
  plan.sinks["out"] = {"total",     "db", "table t", {"k"}, lineage({{"filter", "(s > 1)"}}),
                       {"k/orders"}};
  plan.starts = {{"k/orders", "earliest"}};
  return plan;
}

struct Edit {
  std::string name;
  std::function<void(Plan& saved, Plan& present, Names& former_names)> make;
  // Beside the state that is kept: "kind subject-name: part of the message".
  std::vector<std::pair<Kind, std::string>> expected;
};

std::vector<Edit> state_edits() {
  return {
      {"Nothing", [](Plan&, Plan&, Names&) {}, {}},
      {"AnotherCall",
       [](Plan&, Plan& present, Names&) {
         present.states["total/group"].lineage = lineage({{"key", "k"}, {"call", "max(v)"}});
       },
       {{Kind::refused, "total/group does not fit the file: call: sum(v) is now max(v)"}}},
      {"OneMoreCall",
       [](Plan&, Plan& present, Names&) {
         present.states["total/group"].lineage =
             lineage({{"key", "k"}, {"call", "sum(v)"}, {"call", "max(v)"}});
       },
       {{Kind::refused, "call: max(v) is new"}}},
      {"AnotherStateBelow",
       [](Plan& saved, Plan& present, Names&) {
         saved.states["total/group"].lineage = lineage({{read_state_aspect, "window 00"}});
         present.states["total/group"].lineage = lineage({{read_state_aspect, "window 01"}});
       },
       {{Kind::refused, "does not fit the file: a state that it reads has changed"}}},
      {"AStateAppearsBelow",
       [](Plan&, Plan& present, Names&) {
         present.states["total/group"].lineage =
             lineage({{"key", "k"}, {"call", "sum(v)"}, {read_state_aspect, "changelog_dedup 01"}});
       },
       {{Kind::refused, "state it reads: changelog_dedup is new"}}},
  };
}

std::vector<Edit> step_edits() {
  return {
      {"StepRemoved",
       [](Plan&, Plan& present, Names&) { present.states.clear(); },
       {{Kind::refused, "total/group belongs to no step"}}},
      {"StepRenamedWithoutWas",
       [](Plan&, Plan& present, Names&) {
         present.states["sums/group"] = present.states["total/group"];
         present.states.erase("total/group");
       },
       {{Kind::refused, "total/group belongs to no step"}, {Kind::begins_empty, "sums/group"}}},
      {"StepRenamedWithWas",
       [](Plan&, Plan& present, Names& names) {
         present.states["sums/group"] = present.states["total/group"];
         present.states.erase("total/group");
         present.sinks["out"].from = "sums";
         names["sums"] = "total";
       },
       {}},
      {"StepRenamedAndChanged",
       [](Plan&, Plan& present, Names& names) {
         present.states = {{"sums/group", {lineage({{"call", "max(v)"}}), {"k/orders"}}}};
         names["sums"] = "total";
       },
       {{Kind::refused, "the saved state of total/group does not fit"}}},
      {"StateUnderBothNames",
       [](Plan& saved, Plan& present, Names& names) {
         saved.states["sums/group"] = saved.states["total/group"];
         present.states["sums/group"] = present.states["total/group"];
         present.states.erase("total/group");
         present.sinks["out"].from = "sums";
         names["sums"] = "total";
       },
       {{Kind::refused, "total/group belongs to no step"}}},
      {"StatefulStepAdded",
       [](Plan&, Plan& present, Names&) {
         present.states["more/window"] = {lineage({{"call", "count(*)"}}), {"k/orders"}};
       },
       {{Kind::begins_empty, "the state of more/window begins empty"}}},
      {"StatefulStepAddedOverANewSource",
       [](Plan&, Plan& present, Names&) {
         present.states["more/window"] = {lineage({{"call", "count(*)"}}), {"k/fresh"}};
         present.sinks["more"] = {"more", "db", "table m", {}, lineage({}), {"k/fresh"}};
         present.starts["k/fresh"] = "latest";
       },
       {{Kind::begins, "begins with its sources"}}},
      {"StatefulStepAndSinkAddedOverAStreamOfWhichNothingWasRead",
       [](Plan&, Plan& present, Names&) {
         present.states["more/window"] = {lineage({{"call", "count(*)"}}), {"k/empty"}};
         present.sinks["more"] = {"more", "db", "table m", {}, lineage({}), {"k/empty"}};
       },
       {{Kind::begins, "begins with its sources"}}},
  };
}

std::vector<Edit> sink_edits() {
  return {
      {"SinkAdded",
       [](Plan&, Plan& present, Names&) {
         present.sinks["copy"] = present.sinks["out"];
         present.sinks["copy"].place = "table u";
       },
       {{Kind::sent_from_now, "sink copy is new"}}},
      {"SinkMovedToAnotherTable",
       [](Plan&, Plan& present, Names&) { present.sinks["out"].place = "table u"; },
       {{Kind::sent_from_now, "sink out writes to table u of db now, not to table t of db"}}},
      {"SinkMovedToAnotherConnection",
       [](Plan&, Plan& present, Names&) { present.sinks["out"].target = "other"; },
       {{Kind::sent_from_now, "writes to table t of other now, not to table t of db"}}},
      {"SinkRenamed",
       [](Plan&, Plan& present, Names&) {
         present.sinks["report"] = present.sinks["out"];
         present.sinks.erase("out");
       },
       {}},
      {"SinkRemoved", [](Plan&, Plan& present, Names&) { present.sinks.clear(); }, {}},
      {"SinkOfAnotherKey",
       [](Plan&, Plan& present, Names&) {
         present.sinks["out"].key = {"k", "j"};
       },
       {{Kind::sent_from_now, "has another key"}}},
      {"SinkOfAnotherStep",
       [](Plan&, Plan& present, Names&) { present.sinks["out"].from = "other"; },
       {{Kind::sent_from_now, "takes the rows of other now, not those of total"}}},
      {"FilterOfASinksChanges",
       [](Plan&, Plan& present, Names&) {
         present.sinks["out"].lineage = lineage({{"filter", "(s > 5)"}});
       },
       {{Kind::refused,
         "sink out has sent rows that it could not take back or replace any more: "
         "filter: (s > 1) is now (s > 5)"}}},
  };
}

std::vector<Edit> start_edits() {
  return {
      {"AnotherStart",
       [](Plan&, Plan& present, Names&) { present.starts["k/orders"] = "latest"; },
       {{Kind::start_ignored, "is latest now and was earliest"}}},
      {"AnotherStartOfAStreamWithAPositionOfWhichNothingWasRead",
       [](Plan& saved, Plan& present, Names&) {
         saved.starts["k/empty"] = "latest";
         present.starts["k/empty"] = "earliest";
       },
       {{Kind::start_ignored, "`start` of k/empty is earliest now and was latest"}}},
      {"AnotherStartOfAStreamThatWasNeverRead",
       [](Plan& saved, Plan& present, Names&) {
         saved.starts["k/fresh"] = "earliest";
         present.starts["k/fresh"] = "latest";
       },
       {}},
  };
}

std::vector<Edit> edits() {
  std::vector<Edit> all;
  for (const auto& part : {state_edits(), step_edits(), sink_edits(), start_edits()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

class EffectsOf : public testing::TestWithParam<Edit> {};

TEST_P(EffectsOf, AreThoseOfTheEdit) {
  SavedPlan saved = plan();
  SavedPlan present = plan();
  std::map<std::string, std::string> former_names;
  GetParam().make(saved, present, former_names);
  std::vector<PlanEffect> effects =
      effects_of({saved, present, former_names, {"k/orders", "k/empty"}, {"k/orders"}});
  std::erase_if(effects, [](const PlanEffect& effect) { return effect.kind == Kind::kept; });
  ASSERT_EQ(effects.size(), GetParam().expected.size()) << testing::PrintToString(effects.size());
  for (size_t i = 0; i < effects.size(); ++i) {
    EXPECT_STREQ(effect_text(effects[i].kind), effect_text(GetParam().expected[i].first));
    EXPECT_THAT(effects[i].message, HasSubstr(GetParam().expected[i].second));
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, EffectsOf, testing::ValuesIn(edits()),
                         [](const auto& test) { return test.param.name; });

TEST(EffectsOfStates, KeptOnesSayUnderWhichName) {
  const SavedPlan saved = plan();
  SavedPlan present = plan();
  present.states["sums/group"] = present.states["total/group"];
  present.states.erase("total/group");
  const std::map<std::string, std::string> former_names = {{"sums", "total"}};
  const auto effects = effects_of({saved, present, former_names});
  ASSERT_EQ(effects.size(), 1u);
  EXPECT_EQ(effects[0].kind, Kind::kept);
  EXPECT_EQ(effects[0].name, "sums/group");
  EXPECT_EQ(effects[0].message, "goes on from the state of total/group");
}

}  // namespace
}  // namespace sluice::test
