#include "daemon/metrics_catalogue.hpp"

namespace sluice {

namespace {

constexpr MetricDescription catalogue[] = {
    {"sluice_records_in_total", "sluice_records_in_total", MetricKind::counter,
     "Rows that an operator of a step took in; of a source: read."},
    {"sluice_records_created_total", "sluice_records_created_total", MetricKind::counter,
     "Rows that an operator made out of its state, such as results of windows."},
    {"sluice_records_restored_total", "sluice_records_restored_total", MetricKind::counter,
     "Rows of an operator's state that runs took over from their checkpoints."},
    {"sluice_records_out_total", "sluice_records_out_total", MetricKind::counter,
     "Rows that an operator handed on; of a sink: handed to its target's spool."},
    {"sluice_records_dropped_total", "sluice_records_dropped_total", MetricKind::counter,
     "Rows that an operator let go as its step says, by reason; rolled_back: by a run that "
     "failed."},
    {"sluice_records_dead_total", "sluice_records_dead_total", MetricKind::counter,
     "Rows of an operator that became dead letters."},
    {"sluice_records_held", "sluice_records_held", MetricKind::gauge,
     "Rows that an operator holds in its state now."},
    {"sluice_late_records_total", "sluice_late_records_total", MetricKind::counter,
     "Rows that an operator refused as late, by what was done with them."},
    {"sluice_state_bytes", "sluice_state_bytes", MetricKind::gauge,
     "Memory that the state of an operator takes."},
    {"sluice_dead_letters_total", "sluice_dead_letters_total", MetricKind::counter,
     "Dead letters by the code of their error."},
    {"sluice_watermark_us", "sluice_watermark_lag_seconds", MetricKind::age,
     "How far the watermark of a partition is behind the clock."},
    {"sluice_source_lag_records", "sluice_source_lag_records", MetricKind::gauge,
     "Records of a partition that are still to be read."},
    {"sluice_checkpoint_duration_seconds", "sluice_checkpoint_duration_seconds",
     MetricKind::histogram, "Time from a barrier to its durable checkpoint."},
    {"sluice_checkpoint_bytes", "sluice_checkpoint_bytes", MetricKind::gauge,
     "Size of the state that the last checkpoint wrote."},
    {"sluice_checkpoint_last_success_timestamp_seconds",
     "sluice_checkpoint_last_success_timestamp_seconds", MetricKind::gauge,
     "When the last checkpoint became durable, in seconds since 1970."},
    {"sluice_checkpoints_total", "sluice_checkpoints_total", MetricKind::counter,
     "Checkpoints by result: completed, abandoned, failed."},
    {"sluice_publish_duration_seconds", "sluice_publish_duration_seconds", MetricKind::histogram,
     "Time to publish one epoch to the target behind a sink."},
    {"sluice_end_to_end_latency_seconds", "sluice_end_to_end_latency_seconds",
     MetricKind::histogram,
     "Age of an epoch's oldest record, by its own timestamp, when a target has published it."},
};

bool is_of_histogram(std::string_view counter, std::string_view name) {
  if (!counter.starts_with(name)) return false;
  const std::string_view suffix = counter.substr(name.size());
  return suffix == "_bucket" || suffix == "_sum" || suffix == "_count";
}

}  // namespace

MetricDescription describe_metric(std::string_view counter) {
  for (const MetricDescription& entry : catalogue) {
    const bool is_found = entry.kind == MetricKind::histogram
                              ? is_of_histogram(counter, entry.counter)
                              : counter == entry.counter;
    if (is_found) return entry;
  }
  return {counter, counter, MetricKind::gauge, "Not described."};
}

}  // namespace sluice
