// PlanSource: reads one source of the file.
#pragma once

#include "formats/decoder.hpp"
#include "plan/operation.hpp"

namespace sluice {

// Sources of one ScanGroup share one reader: each raw batch is decoded once per source.
struct PlanSource {
  ScanSpec scan;
  std::string format;        // its identity
  bool has_changes = false;  // its format's rows carry a RowKind
  // With updates and deletes: columns that tell whose row a change replaces. It leaves as upserts.
  Columns change_key;
  int64_t ttl_us = 0;     // of the state that completes them to retractions; 0: for ever
  size_t scan_group = 0;  // index into LogicalPlan::scan_groups
  int64_t out_of_order_us = 0;
  int64_t idle_after_us = 0;  // 0: never idle
  int64_t max_ahead_us = INT64_MAX;

  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "source";
  std::string text(const NodeView& view) const;
  std::vector<ColumnSet> reads(const NodeView& view, const ColumnSet& wanted) const;
  ColumnMapping narrow(Narrowing& narrowing);
  TimeProperties infer_time(const NodeView& view);
  ChangeProperties infer_changes(const NodeView& view);
  Placement infer_placement(const NodeView& view) const;
  bool reads_clock() const;
  std::string reason_of_changes(const NodeView& view) const;
  Flow flow(const FlowView& below) const;
  std::optional<int64_t> keeping_time_us() const;
};

}  // namespace sluice
