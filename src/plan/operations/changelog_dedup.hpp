// PlanChangelogDedup: drops what a changelog source delivers twice.
#pragma once

#include "formats/decoder.hpp"
#include "plan/operation.hpp"

namespace sluice {

// The exchange of its input hashes by `key`. With ops = all it also completes upserts to a retract
// stream, where a reader needs one.
struct PlanChangelogDedup {
  Columns key;
  std::optional<size_t> version_column;
  // insert_only: the first row of a key wins; all: the last image is kept.
  ChangelogOps ops = ChangelogOps::insert_only;
  int64_t ttl_us = 0;  // 0: for ever

  // As plan/operation.hpp asks.
  static constexpr std::string_view name = "changelog_dedup";
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
  bool takes_upserts(const NodeView& view, const PlanNode& input) const;
  std::optional<int64_t> keeping_time_us() const;
  std::vector<MovedPredicate> move_below(const NodeView& view, const ExpressionPtr& conjunct) const;
};

}  // namespace sluice
