// What leaves a node of a plan, and how rows reach it: changelog mode, time columns, lateness,
// windows, distribution. Plain values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "base/ids.hpp"
#include "data/row_policy.hpp"
#include "sql/relation.hpp"

namespace sluice {

// Index into LogicalPlan::nodes.
using PlanNodeId = StrongId<struct PlanNodeTag, uint32_t>;

// Columns of one schema: in an order that means something, and in none.
using Columns = std::vector<size_t>;
using ColumnSet = std::set<size_t>;

struct ChangelogMode {
  enum class Kind : uint8_t {
    append,   // only +I
    upsert,   // +I, +U and -D: a row replaces the one of its key; -U is never sent. Of a source, +I
              // may come for a key that has a row, and -D for one that has none; so may -D of a
              // row that failed
    retract,  // every -U and -D carries the whole row that it takes back
  };
  Kind kind = Kind::append;
  Columns key;  // of upsert: columns of the node's schema
  bool operator==(const ChangelogMode&) const = default;
};

// No row that is not late has a value below watermark - lag_us in this column, once that watermark
// has passed.
struct TimeColumn {
  size_t column;
  int64_t lag_us;
  bool operator==(const TimeColumn&) const = default;
};

// How rows reach a node's tasks. hash with no keys: all rows go to one task.
struct Exchange {
  enum class Kind : uint8_t { forward, hash };
  Kind kind = Kind::forward;
  Columns keys;  // of the input node's schema
  bool operator==(const Exchange&) const = default;
};

// What a stateful event-time node does about rows behind the watermark.
struct LatePolicy {
  // False where an earlier node has refused late rows already: what arrives is accepted, and state
  // is kept for it.
  bool refuses = true;
  // How long after it may close state is kept: the step's own, or what upstream accepted.
  int64_t accept_us = 0;
  RowPolicy action = RowPolicy::dead_letter;
  int64_t stated_accept_us = 0;  // the step's own
};

// How late the rows of an edge may be: as late as the source has them, or at most what an earlier
// node with event-time state accepted.
struct LateRows {
  bool unbounded = true;
  int64_t accepted_us = 0;
  bool operator==(const LateRows&) const = default;
};

// The windows whose results the rows of an edge are, and the columns that hold them.
struct WindowedResult {
  std::optional<size_t> start;
  std::optional<size_t> end;
  std::optional<size_t> time;  // the last microsecond before the end
  WindowPtr window;
};

// The three parts of what is inferred of a node.
struct TimeProperties {
  LateRows late_rows;
  std::vector<TimeColumn> time_columns;  // ascending by column
  std::optional<WindowedResult> window;
};
struct ChangeProperties {
  ChangelogMode mode;
  // Columns that no two rows of the folded result share; none when not known.
  std::optional<Columns> unique_key;
};
struct Placement {
  std::vector<Exchange> exchanges;  // one per input
  // Columns whose hash chose the task that a row is in; empty list: one task; none: not known.
  std::optional<Columns> distributed_by;
};

}  // namespace sluice
