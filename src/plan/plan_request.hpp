// PlanRequest: a pipeline as plan sees it: its sources, lookups, steps and sinks with their
// settings, as plain values. Room spec fills it from the file. Names are unique among sources and
// steps, among lookups, and among sinks (spec checks that).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/sink_mode.hpp"
#include "expr/function_registry.hpp"
#include "formats/decoder.hpp"
#include "plan/logical_plan.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

struct SourceColumn {
  ScanColumn column;       // `computed` is left empty: plan binds `expression`
  std::string expression;  // the column's `expr`; empty: decoded
};
struct EventTimeSettings {
  std::string column;
  int64_t out_of_order_us = 0;
  int64_t idle_after_us = 0;  // 0: never
  int64_t max_ahead_us = INT64_MAX;
};
struct ChangelogSettings {
  std::vector<std::string> key;
  ChangelogOps ops = ChangelogOps::all;
  bool drop_duplicates = false;
  std::string version_by;  // empty: none
  EmptiedTable on_truncate = EmptiedTable::bad_record;
};
struct SourceSettings {
  std::string name;
  // Sources with equal text share a reader: connector, connection, topic or path, and what else
  // decides what is read.
  std::string scan_identity;
  std::vector<SourceColumn> columns;
  std::optional<EventTimeSettings> event_time;
  std::optional<ChangelogSettings> changelog;
  std::string format;                // its identity
  bool format_is_changelog = false;  // its rows carry a RowKind
  UnknownField on_unknown_field = UnknownField::ignore;
  int64_t ttl_us = 0;  // of the dedup state
};

struct LookupSettings {
  std::string name;
  Schema keys;
  SchemaPtr columns;
};

struct CheckSettings {
  std::string name;
  std::string expression;
  RowPolicy on_fail = RowPolicy::dead_letter;
};
struct StepSettings {
  std::string name;
  std::string sql;
  std::vector<CheckSettings> checks;
  int64_t emit_every_us = 0;  // 0: at window end, or every epoch
  int64_t late_accept_us = 0;
  RowPolicy late_action = RowPolicy::dead_letter;
  int64_t ttl_us = 0;                           // 0: for ever
  RowPolicy on_error = RowPolicy::dead_letter;  // of expressions that fail on a row
};

struct SinkSettings {
  std::string name;
  std::string from;
  SinkMode mode = SinkMode::append;
  std::vector<std::string> key;
  std::string key_path;  // of its key in the file: "sinks.ads_gmv_minute.postgres.key"
};

class RewriteRegistry;

struct PlanRequest {
  std::vector<SourceSettings> sources;
  std::vector<LookupSettings> lookups;
  std::vector<StepSettings> steps;
  std::vector<SinkSettings> sinks;
  bool exactly_once =
      true;  // else sinks write through, so that edges which need netting are refused
  bool carries_whole_rows = false;  // of the sources, for dead letters
  const FunctionRegistry* functions = nullptr;
  const RewriteRegistry* rewrites = nullptr;
  TimeZone zone;
};

}  // namespace sluice
