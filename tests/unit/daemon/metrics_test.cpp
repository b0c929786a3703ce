#include "daemon/metrics.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "dataflow/step_counters.hpp"
#include "env/histogram.hpp"
#include "env/metrics.hpp"

namespace sluice {
namespace {

PipelineMetrics of_pipeline(const std::string& name, const Counters& counters) {
  PipelineMetrics metrics;
  metrics.report = {name, name + ".yaml", {}};
  metrics.report.status.state = PipelineState::running;
  metrics.samples = counters.samples();
  return metrics;
}

// One sample of everything that the engine counts.
std::string full_text() {
  Counters counters;
  StepCounters step(counters, "p", "s", "aggregate");
  step.in.add(5);
  step.dropped("filtered").add(2);
  step.late(RowPolicy::drop).add(1);
  step.state_bytes().set(4096);
  step.of_partition(metrics::source_lag, "orders", 0).set(9);
  step.of_partition(metrics::watermark_lag, "orders", 0).set(8'500'000);
  Histogram(counters, metrics::checkpoint_duration, {{"pipeline", "p"}}).observe_us(30'000);
  Histogram(counters, metrics::publish_duration, {{"pipeline", "p"}, {"sink", "db"}})
      .observe_us(1'500'000);
  Histogram(counters, metrics::end_to_end_latency, {{"pipeline", "p"}, {"sink", "db"}})
      .observe_us(400'000);
  counters.at(metrics::checkpoints, {{"pipeline", "p"}, {"result", "completed"}}).add();
  counters.at(metrics::dead_letters, {{"pipeline", "p"}, {"code", "E3001"}}).add(3);
  PipelineMetrics pipeline = of_pipeline("p", counters);
  pipeline.slots = {{0.25, 0.5, 0.25}};
  pipeline.report.status.run.channels = {{"orders", "s", 0.5}};
  pipeline.report.status.targets = {{"db", Epoch(1)}};
  pipeline.report.refusal = "E1002";
  return metrics_text({{pipeline, of_pipeline("q", Counters())}, "1.2.3", 1, 10'000'000});
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(Metrics, ShowEveryKindOfCounterInItsUnit) {
  const std::string text = full_text();
  for (const char* line :
       {"sluice_records_in_total{operator=\"aggregate\",pipeline=\"p\",step=\"s\"} 5",
        "sluice_records_dropped_total{operator=\"aggregate\",pipeline=\"p\",reason=\"filtered\","
        "step=\"s\"} 2",
        "sluice_late_records_total{action=\"drop\",operator=\"aggregate\",pipeline=\"p\","
        "step=\"s\"} 1",
        "sluice_state_bytes{operator=\"aggregate\",pipeline=\"p\",step=\"s\"} 4096",
        "sluice_end_to_end_latency_seconds_bucket{pipeline=\"p\",sink=\"db\",le=\"0.5\"} 1",
        "sluice_memory_bytes{pipeline=\"p\"} 0",
        "sluice_dead_letters_total{code=\"E3001\",pipeline=\"p\"} 3",
        "sluice_source_lag_records{partition=\"0\",pipeline=\"p\",step=\"s\",topic=\"orders\"} 9",
        "sluice_watermark_lag_seconds{partition=\"0\",pipeline=\"p\",step=\"s\",topic=\"orders\"} "
        "1.5",
        "sluice_checkpoint_duration_seconds_bucket{pipeline=\"p\",le=\"0.025\"} 0",
        "sluice_checkpoint_duration_seconds_bucket{pipeline=\"p\",le=\"0.05\"} 1",
        "sluice_checkpoint_duration_seconds_bucket{pipeline=\"p\",le=\"+Inf\"} 1",
        "sluice_checkpoint_duration_seconds_count{pipeline=\"p\"} 1",
        "sluice_publish_duration_seconds_sum{pipeline=\"p\",sink=\"db\"} 1.5",
        "sluice_task_backpressured_ratio{pipeline=\"p\",slot=\"0\"} 0.5",
        "sluice_channel_fill_ratio{pipeline=\"p\",from=\"orders\",to=\"s\"} 0.5",
        "sluice_pipeline_state{pipeline=\"q\",state=\"RUNNING\"} 1",
        "sluice_pipeline_state{pipeline=\"q\",state=\"FAILED\"} 0",
        "sluice_build_info{version=\"1.2.3\"} 1",
        "sluice_pipeline_refused{pipeline=\"p\"} 1",
        "sluice_pipeline_refused{pipeline=\"q\"} 0",
        "sluice_config_refused 0",
        "sluice_config_generation 1"}) {
    EXPECT_TRUE(has_line(text, line)) << line << "\nis not in\n" << text;
  }
}

TEST(Metrics, LabelsAreEscaped) {
  Counters counters;
  counters.at(metrics::dead_letters, {{"code", "a\"b\\c\nd"}}).add();
  const std::string text = metrics_text({{of_pipeline("p", counters)}, "1", 1, 0});
  EXPECT_TRUE(has_line(text, "sluice_dead_letters_total{code=\"a\\\"b\\\\c\\nd\"} 1")) << text;
}

// The rules of `promtool check metrics`.
TEST(Metrics, FollowTheRulesOfPrometheus) {
  std::map<std::string, std::string> types;
  std::set<std::string> with_help;
  std::set<std::string> series;
  std::istringstream lines(full_text());
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first, keyword, name, type;
    words >> first >> keyword >> name >> type;
    if (first != "#") {
      EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << "twice: " << line;
    } else if (keyword == "HELP") {
      EXPECT_TRUE(with_help.insert(name).second) << "two families " << name;
      EXPECT_NE(type, "") << name << " has no help";
    } else {
      types[name] = type;
    }
  }
  EXPECT_GE(types.size(), 20u);
  for (const auto& [name, type] : types) {
    EXPECT_TRUE(with_help.contains(name)) << name << " has no help";
    EXPECT_EQ(name.ends_with("_total"), type == "counter") << name << " is a " << type;
    EXPECT_TRUE(name.starts_with("sluice_")) << name;
    for (const char* unit : {"_us", "_ms", "_milliseconds", "_kb"}) {
      EXPECT_FALSE(name.ends_with(unit)) << name << " is not in base units";
    }
  }
}

TEST(Metrics, WriteLabelsThatAreNotUtf8AsUtf8) {
  Counters counters;
  StepCounters(counters, "p", "s", "source").of_partition(metrics::source_lag, "a\xFF", 0);
  const std::string text = metrics_text({{of_pipeline("p\xFE", counters)}, "1", 1, 0});
  EXPECT_NE(text.find("topic=\"a\\\\xFF\""), std::string::npos) << text;
  EXPECT_NE(text.find("pipeline=\"p\\\\xFE\""), std::string::npos) << text;
  EXPECT_EQ(text.find('\xFF'), std::string::npos);
}

TEST(SlotLoad, IsTheShareOfTheTimeBetweenTwoLooks) {
  const SlotLoad load = load_between({100, 0, 100}, {400, 100, 100});
  EXPECT_DOUBLE_EQ(load.busy, 0.75);
  EXPECT_DOUBLE_EQ(load.backpressured, 0.25);
  EXPECT_DOUBLE_EQ(load.idle, 0);
}

TEST(SlotLoad, NewRunDoesNotCountAgainstTheOldOne) {
  EXPECT_DOUBLE_EQ(load_between({1000, 0, 1000}, {10, 0, 30}).busy, 0.25);
  EXPECT_DOUBLE_EQ(load_between({}, {}).busy, 0);
}

}  // namespace
}  // namespace sluice
