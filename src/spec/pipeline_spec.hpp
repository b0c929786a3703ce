// PipelineSpec: the typed content of one pipeline file, every default filled in. Made by
// load_pipeline (spec/load.hpp), which has checked all that can be checked without parsing SQL. A
// plain value; immutable by convention, usable from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.hpp"
#include "config/option_spec.hpp"
#include "config/text_map.hpp"
#include "data/row_policy.hpp"
#include "data/sink_mode.hpp"
#include "formats/decoder.hpp"
#include "values/time/time_unit.hpp"
#include "values/type.hpp"

namespace sluice {

enum class Delivery : uint8_t { exactly_once, at_least_once };
enum class EmitAt : uint8_t { unstated, window_end, every };

struct SettingsSpec {
  std::string timezone;
  int parallelism = 1;
  Delivery delivery = Delivery::exactly_once;
  int64_t checkpoint_interval_us = 0;
  int64_t checkpoint_timeout_us = 0;
  int64_t retain_spools = 0;  // published epochs whose spools are kept
  std::optional<int64_t> state_ttl_us;
  int64_t state_budget_bytes = 0;
};

struct ConnectionSpec {
  std::string name;
  std::string type;  // the connector's name
  Options options;
  SourceLocation location;
};

// `<connector>: {connection: …, options}` of a source, sink, lookup or the dead letters.
struct EndpointSpec {
  std::string connector;
  std::string connection;
  Options options;
  SourceLocation location;
};

struct FormatSpec {
  std::string type;
  Options options;
  SourceLocation location;
};

struct ColumnSpec {
  std::string name;
  Type type;
  std::vector<std::string> path;   // $.common.mid; the default is its name; none with expr, meta
  TimeUnit unit = TimeUnit::none;  // of numbers read as a time
  bool required = false;
  std::optional<TextMap> expr;  // SQL over the other columns
  MetaColumn meta = MetaColumn::none;
  SourceLocation location;
};

struct EventTimeSpec {
  std::string column;
  int64_t out_of_order_us = 0;
  int64_t idle_after_us = 0;
  int64_t max_ahead_us = 0;
  SourceLocation location;
};

struct ChangelogSpec {
  std::vector<std::string> key;  // never empty when duplicates are dropped
  ChangelogOps ops = ChangelogOps::all;
  std::string version_by;  // empty: none
  bool drop_duplicates = false;
  EmptiedTable on_truncate = EmptiedTable::bad_record;
  SourceLocation location;
};

struct SourceSpec {
  std::string name;
  EndpointSpec from;
  std::optional<FormatSpec> format;
  // Of the format: bad bytes, bad columns, bad event times.
  RowPolicy on_error = RowPolicy::dead_letter;
  UnknownField on_unknown_field = UnknownField::ignore;
  std::vector<ColumnSpec> columns;
  std::optional<EventTimeSpec> event_time;
  std::optional<ChangelogSpec> changelog;
  SourceLocation location;

  const ColumnSpec* find_column(std::string_view name) const;
};

struct LookupSpec {
  std::string name;
  EndpointSpec from;
  std::vector<std::string> key;     // columns of the option `key`
  std::vector<ColumnSpec> columns;  // name and type only
  int64_t cache_ttl_us = 0;
  int64_t cache_max_rows = 0;
  int64_t cache_missing_ttl_us = 0;
  SourceLocation location;
};

struct CheckSpec {
  std::string name;
  TextMap expr;  // SQL over the step's columns; false = the row fails, NULL passes
  RowPolicy on_fail = RowPolicy::dead_letter;
  SourceLocation location;
};

struct StepSpec {
  std::string name;
  std::string layer;  // ods, dwd, dws, ads or empty
  TextMap sql;
  std::vector<CheckSpec> checks;
  int64_t late_accept_us = 0;
  RowPolicy late_then = RowPolicy::dead_letter;
  EmitAt emit = EmitAt::unstated;
  int64_t emit_every_us = 0;                    // of EmitAt::every; processing time
  std::optional<int64_t> state_ttl_us;          // the step's own, else the settings'
  RowPolicy on_error = RowPolicy::dead_letter;  // of expressions that fail on a row
  std::string was;          // the step's former name, whose state it takes over; may be empty
  SourceLocation location;  // of the name
  SourceLocation late_location;
  SourceLocation emit_location;
};

struct SinkSpec {
  std::string name;
  std::string from;  // a source or a step
  EndpointSpec to;
  std::optional<FormatSpec> format;
  SinkMode mode = SinkMode::append;
  std::vector<std::string> key;  // columns of the option `key`, also of a template; may be empty
  RowPolicy on_error = RowPolicy::dead_letter;  // rows that the target refuses, NULL keys
  SourceLocation location;                      // of the name
  SourceLocation from_location;
  SourceLocation mode_location;
};

struct ErrorsSpec {
  std::optional<EndpointSpec> dead_letter;
  std::optional<FormatSpec> dead_letter_format;
  int64_t stop_after_count = 0;  // 0: never stops
  int64_t stop_after_within_us = 0;
  bool letters_hold_whole_rows = false;  // of the source, rather than what the step had of it
};

// Rows of one relation in a test; each a map from column to value. Values are converted by whoever
// runs the test.
struct TestRowsSpec {
  std::string relation;
  std::vector<Node> rows;
  SourceLocation location;
};

struct TestSpec {
  std::string name;
  std::vector<TestRowsSpec> given;
  Node advance_watermark;            // a timestamptz; absent: the watermark stays
  std::vector<TestRowsSpec> expect;  // of sinks, steps and dead_letter
  SourceLocation location;
};

// A value the file does not state: settings.checkpoint.timeout = 2m.
struct DefaultInForce {
  std::string path;
  std::string value;
  std::string why;
};

struct PipelineSpec {
  std::string name;
  SourceLocation name_location;
  SettingsSpec settings;
  std::vector<ConnectionSpec> connections;
  std::vector<SourceSpec> sources;
  std::vector<LookupSpec> lookups;
  std::vector<StepSpec> steps;
  std::vector<SinkSpec> sinks;
  ErrorsSpec errors;
  std::vector<TestSpec> tests;
  std::vector<DefaultInForce>
      defaults;  // in the order of the file; what `validate --explain` lists
  SourceLocation location;

  // Null when there is none of that name.
  const ConnectionSpec* find_connection(std::string_view name) const;
  const SourceSpec* find_source(std::string_view name) const;
  const LookupSpec* find_lookup(std::string_view name) const;
  const StepSpec* find_step(std::string_view name) const;
  const SinkSpec* find_sink(std::string_view name) const;
};

}  // namespace sluice
