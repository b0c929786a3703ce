#include "daemon/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>
#include <map>

#include "config/utf8.hpp"
#include "daemon/metrics_catalogue.hpp"

namespace sluice {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr double microseconds_per_second = 1e6;

double to_seconds(int64_t microseconds) {
  return static_cast<double>(microseconds) / microseconds_per_second;
}

// Gathers families by name, so that each is written once with all its series.
class Families {
 public:
  explicit Families(int64_t now_us) : now_us_(now_us) {}

  void gauge(const std::string& name, const char* help, const Labels& labels, double value) {
    series(family(name, help, MetricType::Gauge), labels).gauge.value = value;
  }
  void counter(const std::string& name, const char* help, const Labels& labels, double value) {
    series(family(name, help, MetricType::Counter), labels).counter.value = value;
  }
  void add(const Counters::Sample& sample);

  std::string text() const {
    std::vector<MetricFamily> families;
    for (const auto& [name, family] : families_) families.push_back(family);
    return prometheus::TextSerializer().Serialize(families);
  }

 private:
  MetricFamily& family(const std::string& name, std::string_view help, MetricType type) {
    MetricFamily& family = families_[name];
    family.name = name;
    family.help = help;
    family.type = type;
    return family;
  }
  static ClientMetric& series(MetricFamily& family, const Labels& labels) {
    ClientMetric& metric = family.metric.emplace_back();
    for (const auto& [name, value] : labels) {
      metric.label.push_back({name, escape_invalid_utf8(value)});
    }
    return metric;
  }
  void add_to_histogram(const MetricDescription& description, const Counters::Sample& sample);

  int64_t now_us_;
  std::map<std::string, MetricFamily> families_;
  std::map<std::pair<std::string, Labels>, size_t> histograms_;  // index among its family's series
};

void Families::add(const Counters::Sample& sample) {
  const MetricDescription description = describe_metric(sample.metric);
  const std::string name(description.name);
  const auto value = static_cast<double>(sample.value);
  switch (description.kind) {
    case MetricKind::counter:
      series(family(name, description.help, MetricType::Counter), sample.labels).counter.value =
          value;
      return;
    case MetricKind::gauge:
      series(family(name, description.help, MetricType::Gauge), sample.labels).gauge.value = value;
      return;
    case MetricKind::age:
      series(family(name, description.help, MetricType::Gauge), sample.labels).gauge.value =
          to_seconds(now_us_ - sample.value);
      return;
    case MetricKind::histogram:
      return add_to_histogram(description, sample);
  }
}

void Families::add_to_histogram(const MetricDescription& description,
                                const Counters::Sample& sample) {
  Labels labels;
  std::string bound;
  for (const auto& label : sample.labels) {
    if (label.first == "le") {
      bound = label.second;
    } else {
      labels.push_back(label);
    }
  }
  MetricFamily& of = family(std::string(description.name), description.help, MetricType::Histogram);
  const auto [place, is_new] = histograms_.emplace(std::pair(of.name, labels), of.metric.size());
  if (is_new) series(of, labels);
  ClientMetric::Histogram& histogram = of.metric[place->second].histogram;
  const auto count = static_cast<uint64_t>(sample.value);
  if (sample.metric.ends_with("_sum")) {
    histogram.sample_sum = to_seconds(sample.value);
  } else if (sample.metric.ends_with("_count")) {
    histogram.sample_count = count;
  } else {
    const double limit =
        bound == "+Inf" ? std::numeric_limits<double>::infinity() : std::stod(bound);
    auto& buckets = histogram.bucket;
    const auto after = std::find_if(buckets.begin(), buckets.end(),
                                    [&](const auto& other) { return other.upper_bound > limit; });
    buckets.insert(after, {count, limit});
  }
}

void add_state(Families& families, const PipelineReport& report) {
  constexpr PipelineState states[] = {PipelineState::starting, PipelineState::running,
                                      PipelineState::degraded, PipelineState::restarting,
                                      PipelineState::stopping, PipelineState::stopped,
                                      PipelineState::finished, PipelineState::failed};
  for (const PipelineState state : states) {
    families.gauge("sluice_pipeline_state", "1 for the state that a pipeline is in, 0 for others.",
                   {{"pipeline", report.name}, {"state", pipeline_state_text(state)}},
                   report.status.state == state ? 1 : 0);
  }
  const Labels labels{{"pipeline", report.name}};
  families.gauge("sluice_pipeline_refused",
                 "1 when what the pipeline's file asks for is refused and does not run, else 0.",
                 labels, report.refusal.empty() ? 0 : 1);
  families.counter("sluice_pipeline_restarts_total", "Runs that failed and were started again.",
                   labels, static_cast<double>(report.status.restarts));
  families.gauge("sluice_memory_bytes",
                 "Memory of a pipeline's budget that its state and buffers take.", labels,
                 static_cast<double>(report.status.state_memory_bytes));
}

void add_run(Families& families, const PipelineMetrics& pipeline) {
  const std::string& name = pipeline.report.name;
  for (size_t slot = 0; slot < pipeline.slots.size(); ++slot) {
    const SlotLoad& load = pipeline.slots[slot];
    const Labels labels{{"pipeline", name}, {"slot", std::to_string(slot)}};
    families.gauge("sluice_task_busy_ratio", "Share of a slot's time spent on its tasks.", labels,
                   load.busy);
    families.gauge("sluice_task_backpressured_ratio",
                   "Share of a slot's time spent waiting for room downstream.", labels,
                   load.backpressured);
    families.gauge("sluice_task_idle_ratio", "Share of a slot's time without anything to do.",
                   labels, load.idle);
  }
  for (const ChannelFill& channel : pipeline.report.status.run.channels) {
    families.gauge("sluice_channel_fill_ratio", "How full the fullest channel between steps is.",
                   {{"pipeline", name}, {"from", channel.from}, {"to", channel.to}}, channel.ratio);
  }
  for (const PublishHealth& target : pipeline.report.status.targets) {
    families.gauge("sluice_unpublished_epochs", "Decided epochs that a target still waits for.",
                   {{"pipeline", name}, {"sink", target.target}},
                   static_cast<double>(target.unpublished_epochs));
  }
}

}  // namespace

SlotLoad load_between(const SlotTime& before, const SlotTime& after) {
  const bool is_same_run = before.busy_us <= after.busy_us &&
                           before.backpressured_us <= after.backpressured_us &&
                           before.idle_us <= after.idle_us;
  const SlotTime since = is_same_run ? before : SlotTime{};
  const auto busy = static_cast<double>(after.busy_us - since.busy_us);
  const auto backpressured = static_cast<double>(after.backpressured_us - since.backpressured_us);
  const auto idle = static_cast<double>(after.idle_us - since.idle_us);
  const double all = busy + backpressured + idle;
  if (all <= 0) return {};
  return {busy / all, backpressured / all, idle / all};
}

std::string metrics_text(const ServiceMetrics& metrics) {
  Families families(metrics.now_us);
  families.gauge("sluice_build_info", "The version that runs; always 1.",
                 {{"version", metrics.version}}, 1);
  families.gauge("sluice_config_generation",
                 "How many times the service has taken its pipelines' files.", {},
                 static_cast<double>(metrics.config_generation));
  families.gauge("sluice_config_refused",
                 "1 when the folder of the files could not be taken the last time, else 0.", {},
                 metrics.is_reload_refused ? 1 : 0);
  for (const PipelineMetrics& pipeline : metrics.pipelines) {
    add_state(families, pipeline.report);
    add_run(families, pipeline);
    for (const Counters::Sample& sample : pipeline.samples) families.add(sample);
  }
  return families.text();
}

}  // namespace sluice
