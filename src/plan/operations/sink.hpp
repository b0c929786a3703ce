// PlanSink: an end of the plan.
#pragma once

#include "data/sink_mode.hpp"
#include "plan/operation.hpp"

namespace sluice {

// Has no output; its schema, mode and time columns are those of what it takes.
struct PlanSink {
  SinkMode mode = SinkMode::append;
  Columns key;  // columns of its schema, in the order of the file; may be empty

  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "sink";
  std::string text(const NodeView& view) const;
  std::vector<ColumnSet> reads(const NodeView& view, const ColumnSet& wanted) const;
  ColumnMapping narrow(Narrowing& narrowing);
  TimeProperties infer_time(const NodeView& view);
  ChangeProperties infer_changes(const NodeView& view);
  Placement infer_placement(const NodeView& view) const;
  bool reads_clock() const;
  std::string reason_of_changes(const NodeView& view) const;
  Flow flow(const FlowView& below) const;
  bool takes_upserts(const NodeView& view, const PlanNode& input) const;

  // It nets what comes by its key: each row replaces the one before. Without a key it has one row.
  bool nets_by_key() const { return mode == SinkMode::upsert; }
  // Of rows of this mode, it sends each that is taken back.
  bool takes_back_rows(const ChangelogMode& taken) const;
};

}  // namespace sluice
