// WindowAggregate: GROUP BY of an append stream by event-time windows and keys. How it keeps them
// is the windows' own (windows/window_operators.hpp); what follows holds for windows that are known
// by a row's time, which are kept in panes (windows/pane_aggregate.hpp).
//
// A window fires when watermark >= window_end + lag. Output: one field per key, then one per call.
// Without accept and every: append, one row per key and window with at least one row. With accept >
// 0: an accepted late row corrects every fired window it belongs to, at the next watermark or
// barrier; with emit_every: running values of windows that changed, at barriers, and a last one at
// the end. Corrections are upserts by the grouping keys (kind update_after; never a -U). Refused
// for a window iff window_end <= seen - lag - accept; a dead letter only if refused for all its
// windows. Slices are freed when watermark >= last window's end + lag + accept, by the watermark.
// How far is saved, and refused for good, whatever accept is after a restore.
// Input is hashed by the plain keys. With takes_partials it comes from a local aggregate
// (local_aggregate.hpp), which has judged lateness already. State: entries of (slice or window,
// key).
#pragma once

#include <memory>
#include <vector>

#include "expr/aggregates/aggregate_call.hpp"
#include "operators/late_handling.hpp"
#include "operators/row_errors.hpp"
#include "windows/window.hpp"
#include "windows/window_columns.hpp"

namespace sluice {

struct WindowAggregateSettings {
  StepPolicy policy;
  SchemaPtr input;
  SchemaPtr output;
  WindowPtr window;
  size_t time_column = 0;
  std::vector<size_t> partition;  // of windows that depend on rows; columns that are plain keys
  int64_t lag_us = 0;
  std::vector<WindowKey> keys;
  std::vector<AggregateCall> calls;
  int64_t emit_every_us = 0;
  LateHandling late;
  bool takes_partials = false;
};

// The columns of Role::column, in the order of the keys.
std::vector<size_t> plain_keys(const WindowAggregateSettings& settings);

// Whether window_start is among the keys.
bool tells_start(const WindowAggregateSettings& settings);

// Of windows that are known by a row's time, which is in the settings' time column.
std::unique_ptr<const WindowAssigner> assigner_of(const WindowAggregateSettings& settings,
                                                  const TimeZone& zone);

std::shared_ptr<const OperatorDescription> make_window_aggregate(WindowAggregateSettings settings);

}  // namespace sluice
