// LogicalPlan: what a pipeline computes, as one checked, typed and optimised graph over all its
// steps. Made by build_plan (plan/planner.hpp) and immutable afterwards; compile turns it into
// operators. It knows nothing of tasks, threads or servers. Plain values; any thread.
//
// Nodes are in topological order: a node's inputs have smaller ids. A node that several others read
// is computed once. Every node states what leaves it: schema, changelog mode, time columns with
// their lag, and how its rows are distributed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "data/lineage.hpp"
#include "data/row_policy.hpp"
#include "data/sink_mode.hpp"
#include "formats/decoder.hpp"
#include "sql/relation.hpp"

namespace sluice {

// Index into LogicalPlan::nodes.
using PlanNodeId = StrongId<struct PlanNodeTag, uint32_t>;

struct ChangelogMode {
  enum class Kind : uint8_t {
    append,   // only +I
    upsert,   // +I, +U and -D: a row replaces the one of its key; -U is never sent. Of a source, +I
              // may come for a key that has a row, and -D for one that has none; so may -D of a
              // row that failed
    retract,  // every -U and -D carries the whole row that it takes back
  };
  Kind kind = Kind::append;
  std::vector<size_t> key;  // of upsert: columns of the node's schema
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
  std::vector<size_t> keys;  // columns of the input node's schema
  bool operator==(const Exchange&) const = default;
};

struct PlanInput {
  PlanNodeId node;
  Exchange exchange;
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
  WindowKind kind = WindowKind::tumble;
  int64_t size_us = 0;  // 0 for calendar windows
  int64_t slide_us = 0;
  int64_t offset_us = 0;
  int32_t calendar_days = 0;
};

// Reads one source. Sources of one ScanGroup share one reader: each raw batch is decoded once per
// source.
struct PlanSource {
  ScanSpec scan;
  std::string format;        // its identity
  bool has_changes = false;  // its format's rows carry a RowKind
  // With updates and deletes: columns that tell whose row a change replaces. It leaves as upserts.
  std::vector<size_t> change_key;
  int64_t ttl_us = 0;     // of the state that completes them to retractions; 0: for ever
  size_t scan_group = 0;  // index into LogicalPlan::scan_groups
  int64_t out_of_order_us = 0;
  int64_t idle_after_us = 0;  // 0: never idle
  int64_t max_ahead_us = INT64_MAX;
};
// Drops what a changelog source delivers twice. The exchange of its input hashes by `key`. With
// ops = all it also completes upserts to a retract stream, where a reader needs one.
struct PlanChangelogDedup {
  std::vector<size_t> key;
  std::optional<size_t> version_column;
  // insert_only: the first row of a key wins; all: the last image is kept.
  ChangelogOps ops = ChangelogOps::insert_only;
  int64_t ttl_us = 0;  // 0: for ever
};
struct PlanFilter {
  ExpressionPtr predicate;
};
struct PlanProject {
  std::vector<ExpressionPtr> expressions;  // one per field of the schema
};
struct PlannedCheck {
  std::string name;
  ExpressionPtr predicate;  // NULL passes
  RowPolicy on_fail = RowPolicy::dead_letter;
};
// Of a row that is taken back (-U, -D), a failed check is silent: it was reported when the row
// came.
struct PlanCheck {
  std::vector<PlannedCheck> checks;
};

struct PlanJoinSide {
  // Equi-join columns of this input, in the same order and of the same types on both sides.
  std::vector<size_t> keys;
  size_t time_column = 0;  // of this input
  int64_t lag_us = 0;      // of that column
  LatePolicy late;         // refused iff time < seen - lag - accept
};
// Output: left's columns, then right's. Inputs are append. A pair matches iff the keys are equal
// (NULL never is), lower_us <= right.time - left.time <= upper_us, and `residual` is true (or there
// is none).
struct PlanIntervalJoin {
  PlanJoinSide left;
  PlanJoinSide right;
  JoinKind kind = JoinKind::inner;
  int64_t lower_us = 0;
  int64_t upper_us = 0;
  ExpressionPtr residual;
};

// Output: the input's columns, then the lookup's.
struct PlanLookupJoin {
  std::string lookup;
  std::vector<size_t> keys;  // columns of the input, in the order of the lookup's keys
  JoinKind kind = JoinKind::left;
  ExpressionPtr residual;    // may be null
  SchemaPtr lookup_columns;  // only the columns that the plan needs, in this order
  // Over updates it keeps the row it emitted, so that a retraction carries the same dimension.
  // State per `state_key`.
  bool keeps_rows = false;
  std::vector<size_t> state_key;
  bool state_key_is_unique = true;  // else it is the whole row, and equal rows are counted
  int64_t ttl_us = 0;
};

// Windows that a PlanWindowAggregate groups by.
struct PlanWindow {
  enum class Source : uint8_t {
    assigned_here,  // from `time_column` by kind, size, slide, offset
    carried,        // the input is a windowed result: its columns hold the window
  };
  Source source = Source::assigned_here;
  WindowKind kind = WindowKind::tumble;
  int64_t size_us = 0;
  int64_t slide_us = 0;
  int64_t offset_us = 0;
  int32_t calendar_days = 0;  // size in calendar days of the session zone; size_us is unused then
  // Of the input. carried: its window_end, or its window_start when it has no end.
  size_t time_column = 0;
  int64_t lag_us = 0;  // of that column: a window fires at watermark >= window_end + lag
  bool time_is_window_start = false;  // carried, without an end: window_end = value + size
};
struct PlanWindowKey {
  enum class Role : uint8_t { column, window_start, window_end, window_time };
  Role role = Role::column;
  size_t column = 0;  // of the input, for Role::column
};
// Output: one field per key, then one per call. Input is append. Refused for a window iff
// window_end <= seen - lag - accept. Hashed by the keys of Role::column.
struct PlanWindowAggregate {
  PlanWindow window;
  std::vector<PlanWindowKey> keys;
  std::vector<AggregateCall> calls;
  int64_t emit_every_us = 0;  // 0: at window end; else running values of processing time as well
  LatePolicy late;
  bool local_preaggregation = false;  // worth aggregating before the exchange
};
// Unwindowed GROUP BY. Output: the keys, then the calls. Takes every mode but upsert; hashed by the
// keys.
struct PlanGroupAggregate {
  std::vector<size_t> keys;
  std::vector<AggregateCall> calls;
  bool input_retracts = false;  // min, max and DISTINCT must be able to take rows back
  int64_t emit_every_us = 0;    // 0: every epoch
  int64_t ttl_us = 0;           // 0: for ever
  bool local_preaggregation = false;
};
// Every row once for each of its windows. Output: the input's columns, then window_start,
// window_end and window_time. Input is append.
struct PlanWindowRows {
  PlanWindow window;
};
struct PlanUnion {};

// Has no output; its schema, mode and time columns are those of what it takes.
struct PlanSink {
  SinkMode mode = SinkMode::append;
  std::vector<size_t> key;  // columns of its schema, in the order of the file; may be empty
};

struct PlanNode {
  using Operation = std::variant<PlanSource, PlanChangelogDedup, PlanFilter, PlanProject, PlanCheck,
                                 PlanIntervalJoin, PlanLookupJoin, PlanWindowAggregate,
                                 PlanGroupAggregate, PlanWindowRows, PlanUnion, PlanSink>;
  PlanNodeId id;
  std::string owner;      // the source, step or sink of the file that it belongs to
  uint32_t position = 0;  // character in the owner's SQL from 0, for messages
  std::vector<PlanInput> inputs;
  Operation operation;
  RowPolicy on_error = RowPolicy::dead_letter;  // of expressions that fail on a row

  SchemaPtr schema;
  ChangelogMode mode;
  std::vector<TimeColumn> time_columns;  // ascending by column
  // Columns that no two rows of the folded result share; none when not known.
  std::optional<std::vector<size_t>> unique_key;
  LateRows late_rows;
  std::optional<WindowedResult> window;
  // Columns whose hash chose the task that a row is in; empty list: one task; none: not known.
  std::optional<std::vector<size_t>> distributed_by;

  // Of nodes with state: its name in checkpoints ("dws_gmv_minute.window_aggregate").
  std::string state_id;
  // Of nodes with state, and of sinks. Equal fingerprints: what is saved, or sent, means the same.
  Lineage lineage;

  template <class T>
  const T* as() const {
    return std::get_if<T>(&operation);
  }
};

// Sources that read the same thing by the same connector options: one reader.
struct ScanGroup {
  std::string identity;
  std::vector<PlanNodeId> sources;
};

struct LogicalPlan {
  std::vector<PlanNode> nodes;
  std::vector<ScanGroup> scan_groups;

  const PlanNode& node(PlanNodeId id) const { return nodes[id.value]; }
};

// Two lines a node, for `sluice graph` and golden tests.
std::string to_string(const LogicalPlan& plan);

}  // namespace sluice
