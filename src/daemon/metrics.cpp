#include "daemon/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>
#include <map>

#include "config/utf8.hpp"
#include "env/metrics.hpp"

namespace sluice {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr double microseconds_per_second = 1e6;

double to_seconds(int64_t microseconds) {
  return static_cast<double>(microseconds) / microseconds_per_second;
}

MetricType type_of(MetricKind kind) {
  switch (kind) {
    case MetricKind::counter:
      return MetricType::Counter;
    case MetricKind::gauge:
    case MetricKind::age:
      return MetricType::Gauge;
    case MetricKind::histogram:
      return MetricType::Histogram;
  }
  return MetricType::Untyped;
}

// Gathers families by name, so that each is written once with all its series.
class Families {
 public:
  explicit Families(int64_t now_us) : now_us_(now_us) {}

  void add(const Metric& metric, const Labels& labels, double value) {
    const bool is_counter = metric.kind == MetricKind::counter;
    ClientMetric& of = series(family(metric), labels);
    (is_counter ? of.counter.value : of.gauge.value) = value;
  }
  void add(const Counters::Sample& sample);

  std::string text() const {
    std::vector<MetricFamily> families;
    for (const auto& [name, family] : families_) families.push_back(family);
    return prometheus::TextSerializer().Serialize(families);
  }

 private:
  MetricFamily& family(const Metric& metric) {
    std::string name(metric.name);
    MetricFamily& family = families_[name];
    family.name = std::move(name);
    family.help = metric.help;
    family.type = type_of(metric.kind);
    return family;
  }
  static ClientMetric& series(MetricFamily& family, const Labels& labels) {
    ClientMetric& metric = family.metric.emplace_back();
    for (const auto& [name, value] : labels) {
      metric.label.push_back({name, escape_invalid_utf8(value)});
    }
    return metric;
  }
  void add_to_histogram(const Counters::Sample& sample);

  int64_t now_us_;
  std::map<std::string, MetricFamily> families_;
  std::map<std::pair<std::string, Labels>, size_t> histograms_;  // index among its family's series
};

void Families::add(const Counters::Sample& sample) {
  const MetricKind kind = sample.metric->kind;
  if (kind == MetricKind::histogram) return add_to_histogram(sample);
  const bool is_age = kind == MetricKind::age;
  add(*sample.metric, sample.labels,
      is_age ? to_seconds(now_us_ - sample.value) : static_cast<double>(sample.value));
}

void Families::add_to_histogram(const Counters::Sample& sample) {
  Labels labels;
  std::string bound;
  for (const auto& label : sample.labels) {
    if (label.first == "le") {
      bound = label.second;
    } else {
      labels.push_back(label);
    }
  }
  MetricFamily& of = family(*sample.metric);
  const auto [place, is_new] = histograms_.emplace(std::pair(of.name, labels), of.metric.size());
  if (is_new) series(of, labels);
  ClientMetric::Histogram& histogram = of.metric[place->second].histogram;
  const auto count = static_cast<uint64_t>(sample.value);
  if (sample.part == Counters::Part::sum) {
    histogram.sample_sum = to_seconds(sample.value);
  } else if (sample.part == Counters::Part::count) {
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
    families.add(metrics::pipeline_state,
                 {{"pipeline", report.name}, {"state", pipeline_state_text(state)}},
                 report.status.state == state ? 1 : 0);
  }
  const Labels labels{{"pipeline", report.name}};
  families.add(metrics::pipeline_refused, labels, report.refusal.empty() ? 0 : 1);
  families.add(metrics::pipeline_restarts, labels, static_cast<double>(report.status.restarts));
  families.add(metrics::memory_bytes, labels,
               static_cast<double>(report.status.state_memory_bytes));
}

void add_run(Families& families, const PipelineMetrics& pipeline) {
  const std::string& name = pipeline.report.name;
  for (size_t slot = 0; slot < pipeline.slots.size(); ++slot) {
    const SlotLoad& load = pipeline.slots[slot];
    const Labels labels{{"pipeline", name}, {"slot", std::to_string(slot)}};
    families.add(metrics::task_busy, labels, load.busy);
    families.add(metrics::task_backpressured, labels, load.backpressured);
    families.add(metrics::task_idle, labels, load.idle);
  }
  for (const ChannelFill& channel : pipeline.report.status.run.channels) {
    families.add(metrics::channel_fill,
                 {{"pipeline", name}, {"from", channel.from}, {"to", channel.to}}, channel.ratio);
  }
  for (const PublishHealth& target : pipeline.report.status.targets) {
    families.add(metrics::unpublished_epochs, {{"pipeline", name}, {"sink", target.target}},
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

std::string metrics_text(const ServiceMetrics& service) {
  Families families(service.now_us);
  families.add(metrics::build_info, {{"version", service.version}}, 1);
  families.add(metrics::config_generation, {}, static_cast<double>(service.config_generation));
  families.add(metrics::config_refused, {}, service.is_reload_refused ? 1 : 0);
  for (const PipelineMetrics& pipeline : service.pipelines) {
    add_state(families, pipeline.report);
    add_run(families, pipeline);
    for (const Counters::Sample& sample : pipeline.samples) families.add(sample);
  }
  return families.text();
}

}  // namespace sluice
