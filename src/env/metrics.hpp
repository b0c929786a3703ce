// The table of all that the engine counts: each metric's name, kind and help stand here alone.
// docs/running.md tells users about them.
#pragma once

#include "env/metric.hpp"

namespace sluice::metrics {

// Rows of the operators of a step, see dataflow/step_counters.hpp.
inline constexpr Metric records_in{"sluice_records_in_total", MetricKind::counter,
                                   "Rows that an operator of a step took in; of a source: read."};
inline constexpr Metric records_created{
    "sluice_records_created_total", MetricKind::counter,
    "Rows that an operator made out of its state, such as results of windows."};
inline constexpr Metric records_restored{
    "sluice_records_restored_total", MetricKind::counter,
    "Rows of an operator's state that runs took over from their checkpoints."};
inline constexpr Metric records_out{
    "sluice_records_out_total", MetricKind::counter,
    "Rows that an operator handed on; of a sink: handed to its target's spool."};
inline constexpr Metric records_dropped{
    "sluice_records_dropped_total", MetricKind::counter,
    "Rows that an operator let go as its step says, by reason; rolled_back: by a run that failed."};
inline constexpr Metric records_dead{"sluice_records_dead_total", MetricKind::counter,
                                     "Rows of an operator that became dead letters."};
inline constexpr Metric records_held{"sluice_records_held", MetricKind::gauge,
                                     "Rows that an operator holds in its state now."};
inline constexpr Metric late_records{
    "sluice_late_records_total", MetricKind::counter,
    "Rows that an operator refused as late, by what was done with them."};
inline constexpr Metric state_bytes{"sluice_state_bytes", MetricKind::gauge,
                                    "Memory that the state of an operator takes."};
inline constexpr Metric dead_letters{"sluice_dead_letters_total", MetricKind::counter,
                                     "Dead letters by the code of their error."};

// Partitions that are read.
inline constexpr Metric watermark_lag{"sluice_watermark_lag_seconds", MetricKind::age,
                                      "How far the watermark of a partition is behind the clock."};
inline constexpr Metric source_lag{"sluice_source_lag_records", MetricKind::gauge,
                                   "Records of a partition that are still to be read."};

// Checkpoints and publishing.
inline constexpr Metric checkpoint_duration{"sluice_checkpoint_duration_seconds",
                                            MetricKind::histogram,
                                            "Time from a barrier to its durable checkpoint."};
inline constexpr Metric checkpoint_bytes{"sluice_checkpoint_bytes", MetricKind::gauge,
                                         "Size of the state that the last checkpoint wrote."};
inline constexpr Metric checkpoint_last_success{
    "sluice_checkpoint_last_success_timestamp_seconds", MetricKind::gauge,
    "When the last checkpoint became durable, in seconds since 1970."};
inline constexpr Metric checkpoints{"sluice_checkpoints_total", MetricKind::counter,
                                    "Checkpoints by result: completed, abandoned, failed."};
inline constexpr Metric publish_duration{"sluice_publish_duration_seconds", MetricKind::histogram,
                                         "Time to publish one epoch to the target behind a sink."};
inline constexpr Metric end_to_end_latency{
    "sluice_end_to_end_latency_seconds", MetricKind::histogram,
    "Age of an epoch's oldest record, by its own timestamp, when a target has published it."};
inline constexpr Metric unpublished_epochs{"sluice_unpublished_epochs", MetricKind::gauge,
                                           "Decided epochs that a target still waits for."};

// A run.
inline constexpr Metric task_busy{"sluice_task_busy_ratio", MetricKind::gauge,
                                  "Share of a slot's time spent on its tasks."};
inline constexpr Metric task_backpressured{
    "sluice_task_backpressured_ratio", MetricKind::gauge,
    "Share of a slot's time spent waiting for room downstream."};
inline constexpr Metric task_idle{"sluice_task_idle_ratio", MetricKind::gauge,
                                  "Share of a slot's time without anything to do."};
inline constexpr Metric channel_fill{"sluice_channel_fill_ratio", MetricKind::gauge,
                                     "How full the fullest channel between steps is."};
inline constexpr Metric memory_bytes{
    "sluice_memory_bytes", MetricKind::gauge,
    "Memory of a pipeline's budget that its state and buffers take."};

// Pipelines and the service.
inline constexpr Metric pipeline_state{"sluice_pipeline_state", MetricKind::gauge,
                                       "1 for the state that a pipeline is in, 0 for others."};
inline constexpr Metric pipeline_refused{
    "sluice_pipeline_refused", MetricKind::gauge,
    "1 when what the pipeline's file asks for is refused and does not run, else 0."};
inline constexpr Metric pipeline_restarts{"sluice_pipeline_restarts_total", MetricKind::counter,
                                          "Runs that failed and were started again."};
inline constexpr Metric build_info{"sluice_build_info", MetricKind::gauge,
                                   "The version that runs; always 1."};
inline constexpr Metric config_generation{
    "sluice_config_generation", MetricKind::gauge,
    "How many times the service has taken its pipelines' files."};
inline constexpr Metric config_refused{
    "sluice_config_refused", MetricKind::gauge,
    "1 when the folder of the files could not be taken the last time, else 0."};

}  // namespace sluice::metrics
