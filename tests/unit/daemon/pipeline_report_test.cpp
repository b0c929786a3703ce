#include "daemon/pipeline_report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sluice {
namespace {

PipelineReport in_state(PipelineState state, std::string cause = {}) {
  PipelineReport report{"p", "pipelines/p.yaml", {}};
  report.status.state = state;
  report.status.cause = std::move(cause);
  return report;
}

PipelineReport with_dead_target() {
  PipelineReport report = in_state(PipelineState::degraded, "target db: E4001 down");
  report.status.targets.push_back({"db", Epoch(3), Error{ErrorCode::connection_failed, "down"}});
  return report;
}

TEST(Readiness, OnlyProgressingAndFinishedPipelinesAreWell) {
  const std::pair<PipelineState, bool> expected[] = {
      {PipelineState::starting, false}, {PipelineState::running, true},
      {PipelineState::degraded, false}, {PipelineState::restarting, false},
      {PipelineState::stopping, false}, {PipelineState::stopped, false},
      {PipelineState::finished, true},  {PipelineState::failed, false}};
  for (const auto& [state, is_ready_state] : expected) {
    EXPECT_EQ(is_ready({in_state(state)}), is_ready_state) << pipeline_state_text(state);
    EXPECT_EQ(is_ready({in_state(PipelineState::running), in_state(state)}), is_ready_state)
        << pipeline_state_text(state);
  }
}

TEST(Readiness, BodyNamesStateAndCauseOfEveryPipeline) {
  const auto json = nlohmann::json::parse(readiness_json(
      {in_state(PipelineState::running), in_state(PipelineState::failed, "E3001 \"bad\" \xff")}));
  EXPECT_EQ(json["ready"], false);
  ASSERT_EQ(json["pipelines"].size(), 2u);
  EXPECT_EQ(json["pipelines"][0]["state"], "RUNNING");
  EXPECT_EQ(json["pipelines"][1]["state"], "FAILED");
  EXPECT_EQ(json["pipelines"][1]["cause"], "E3001 \"bad\" \xEF\xBF\xBD");
}

TEST(Watchdog, IsFedWhileAnyPipelineIsWell) {
  const PipelineReport stalled = in_state(PipelineState::degraded, "no checkpoint for 200 s");
  EXPECT_TRUE(may_feed_watchdog({}));
  EXPECT_TRUE(may_feed_watchdog({in_state(PipelineState::running), stalled}));
  EXPECT_FALSE(may_feed_watchdog({stalled}));
  EXPECT_FALSE(may_feed_watchdog({stalled, in_state(PipelineState::failed)}));
}

// Only the end of the process ends its thread.
TEST(Watchdog, PipelineThatAThreadHoldsIsAReasonToRestart) {
  PipelineReport held = in_state(PipelineState::failed, "E5006");
  EXPECT_TRUE(may_feed_watchdog({held}));
  held.status.is_held = true;
  EXPECT_FALSE(may_feed_watchdog({held}));
  EXPECT_TRUE(may_feed_watchdog({held, in_state(PipelineState::running)}));
}

TEST(Watchdog, TargetThatIsDownIsNoReasonToRestart) {
  EXPECT_FALSE(is_stalled(with_dead_target()));
  EXPECT_TRUE(may_feed_watchdog({with_dead_target(), in_state(PipelineState::restarting)}));
}

TEST(Watchdog, SourceOrTargetThatHoldsUpIsNoReasonToRestart) {
  PipelineReport source_is_away = in_state(PipelineState::degraded, "source: E4001 down");
  source_is_away.status.run.source_trouble = Error{ErrorCode::connection_failed, "down"};
  EXPECT_FALSE(is_stalled(source_is_away));
  PipelineReport target_hangs = in_state(PipelineState::degraded, "no checkpoint for 200 s");
  target_hangs.status.targets.push_back({"db", Epoch(3), std::nullopt, 3});
  EXPECT_FALSE(is_stalled(target_hangs));
}

TEST(Summary, CountsPipelinesByState) {
  EXPECT_EQ(summary_text({in_state(PipelineState::running)}), "1 pipeline: 1 RUNNING");
  EXPECT_EQ(summary_text({in_state(PipelineState::failed), in_state(PipelineState::running),
                          in_state(PipelineState::running)}),
            "3 pipelines: 2 RUNNING, 1 FAILED");
}

TEST(PipelineJson, TellsProgressAndTargets) {
  PipelineReport report = with_dead_target();
  report.status.restarts = 2;
  report.status.run.records_read = 7;
  report.status.run.watermark_us = 1'700'000'000'000'000;
  report.status.run.last_epoch = Epoch(4);
  report.status.run.last_checkpoint_monotonic_us = 1'000'000;
  const auto json = nlohmann::json::parse(pipeline_json(report, 3'500'000));
  EXPECT_EQ(json["restarts"], 2);
  EXPECT_EQ(json["records_read"], 7);
  EXPECT_EQ(json["watermark"], "2023-11-14 22:13:20+00");
  EXPECT_EQ(json["checkpoint"]["epoch"], 4);
  EXPECT_EQ(json["checkpoint"]["age_seconds"], 2.5);
  EXPECT_EQ(json["targets"][0]["published_epoch"], 3);
  EXPECT_EQ(json["targets"][0]["error"],
            "E4001 down (Check address, port and firewall, and that the server runs)");
}

TEST(PipelineJson, TellsWhichVersionRunsAndWhatIsRefused) {
  PipelineReport report = in_state(PipelineState::running);
  EXPECT_EQ(nlohmann::json::parse(pipeline_json(report, 0))["version"], nullptr);
  report.version = 3;
  report.since_us = 1'700'000'000'000'000;
  report.refusal = "p.yaml:1:1 E1002 broken";
  const auto json = nlohmann::json::parse(pipelines_json({report}, {2, "E1311 away"}, 0));
  EXPECT_EQ(json["reload"]["generation"], 2);
  EXPECT_EQ(json["reload"]["refused"], "E1311 away");
  EXPECT_EQ(json["pipelines"][0]["version"], 3);
  EXPECT_EQ(json["pipelines"][0]["since"], "2023-11-14 22:13:20+00");
  EXPECT_EQ(json["pipelines"][0]["refused"], "p.yaml:1:1 E1002 broken");
}

}  // namespace
}  // namespace sluice
