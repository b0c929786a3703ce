// PlanGroupAggregate: GROUP BY without a window.
#pragma once

#include "plan/operation.hpp"

namespace sluice {

// Output: the keys, then the calls. Takes every mode but upsert; hashed by the keys.
struct PlanGroupAggregate {
  Columns keys;
  std::vector<AggregateCall> calls;
  bool input_retracts = false;  // min, max and DISTINCT must be able to take rows back
  int64_t emit_every_us = 0;    // 0: every epoch
  int64_t ttl_us = 0;           // 0: for ever

  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "group_aggregate";
  std::string text(const NodeView& view) const;
  std::vector<ColumnSet> reads(const NodeView& view, const ColumnSet& wanted) const;
  ColumnMapping narrow(Narrowing& narrowing);
  TimeProperties infer_time(const NodeView& view);
  ChangeProperties infer_changes(const NodeView& view);
  Placement infer_placement(const NodeView& view) const;
  bool reads_clock() const;
  std::string reason_of_changes(const NodeView& view) const;
  void add_facts(StateFacts& facts) const;
  bool sends_kept_rows() const;
  std::optional<int64_t> keeping_time_us() const;
  bool merges_partials() const;
};

}  // namespace sluice
