// Decoder: bytes of records to columns. A format describes itself (Format) and makes one Decoder
// per source task; a Decoder keeps reusable buffers, runs on its task's thread, and never fails as
// a whole: a bad record is a DecodeFailure and the others go on.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/option_spec.hpp"
#include "data/partition_clock.hpp"
#include "data/raw_batch.hpp"
#include "data/record_batch.hpp"
#include "expr/expression.hpp"
#include "memory/allowance.hpp"
#include "values/time/time_unit.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

enum class MetaColumn : uint8_t { none, topic, partition, offset, timestamp, key, headers };
// Of changelog formats: which changes become rows.
enum class ChangelogOps : uint8_t { insert_only, all };
enum class UnknownField : uint8_t { ignore, dead_letter, fail };
// Of a record that says its table was emptied: it is bad, skipped, or ends the run.
enum class EmptiedTable : uint8_t { bad_record, ignore, fail };

struct ScanColumn {
  std::string name;
  Type type;
  std::vector<std::string> path;  // object keys from the document (of changelog formats: the row,
                                  // or formats/envelope.hpp) down; empty for meta and computed ones
  MetaColumn meta = MetaColumn::none;
  TimeUnit unit = TimeUnit::none;  // of a number that holds a time
  bool required = false;
  ExpressionPtr computed;  // `expr`: over all columns of the scan
  // Only `whole_row` wants it: whatever it holds, the row is good.
  bool is_carried = false;
};

enum class TimeOrigin : uint8_t { event_column, record_timestamp, processing };

// What a plan wants from one source: only the columns it uses, and the filter that can run while
// decoding.
struct ScanSpec {
  std::string source;  // its name in the file
  std::vector<ScanColumn>
      columns;  // decoded; the batch has the first `output_columns` of them, in this order
  size_t output_columns = 0;
  SchemaPtr schema;  // of the output columns
  // Those of `columns` that RowMeta::source_row holds, in the order of the file; empty: rows carry
  // none.
  std::vector<size_t> whole_row;
  ExpressionPtr
      predicate;  // pushed down, over `columns`; may be null. Failed rows are failures, not drops
  TimeOrigin time_origin = TimeOrigin::record_timestamp;
  size_t event_time_column = 0;  // into `columns`, when time_origin is event_column
  ChangelogOps ops = ChangelogOps::all;
  // Of changelog formats with all operations: the fields of `schema` that are the key. An update
  // may change it, which moves the row to another key.
  std::vector<std::string> key_fields;
  EmptiedTable on_truncate = EmptiedTable::bad_record;
  UnknownField on_unknown_field = UnknownField::ignore;
  std::vector<std::string>
      known_fields;  // top-level fields the source declares, for on_unknown_field
};

// One record (or one row of a record) that is bad: for the dead letters.
struct DecodeFailure {
  uint32_t record = 0;  // index into RawBatch::records
  Error error;
  std::string column;                         // empty: the record as a whole
  std::optional<int64_t> event_time_us = {};  // where it was read, or the record's own counts
  int64_t seen = not_behind;                  // as of a row with that event time
  uint64_t further_rows = 0;                  // bad ones of the same record that are not listed
};

// Bad rows of one record that are listed one by one.
constexpr size_t most_failures_of_record = 100;

struct DecodeResult {
  // Once the record has as many, the last of them counts it.
  void add_failure(DecodeFailure failure) {
    const size_t listed = failures.size();
    const bool is_one_more = listed >= most_failures_of_record &&
                             failures[listed - most_failures_of_record].record == failure.record;
    if (is_one_more) {
      ++failures.back().further_rows;
    } else {
      failures.push_back(std::move(failure));
    }
  }

  RecordBatch rows;  // meta: kind, seen, row_time, offset, origin are filled
  std::vector<DecodeFailure> failures;
  uint64_t rows_read = 0;        // rows found in the records, before the filter
  uint64_t rows_filtered = 0;    // dropped by the pushed-down filter
  uint64_t records_skipped = 0;  // by design: DDL, operations not asked for
  // The record that ended it, when decode returns an Error.
  std::optional<uint32_t> refused_record;
};

class Decoder {
 public:
  virtual ~Decoder() = default;
  // Decodes a batch of one partition in order. Shows `clock` each row with a readable event time
  // (refusing rows too far ahead as failures). The result's text may point into raw.arena, which it
  // keeps alive. What it makes beyond the raw batch it takes of the allowance: throws
  // AllowanceExceeded, to be called again with fewer records and the clock as it was.
  virtual Status decode(const RawBatch& raw, PartitionClock& clock, Allowance& allowance,
                        DecodeResult& result) = 0;
};

class Format {
 public:
  virtual ~Format() = default;
  virtual std::string name() const = 0;
  virtual const OptionTable& options() const = 0;
  // What is read: the name, and every option that decides which rows a record gives or what is in
  // them. Of equal identity, rows may meet in one saved state.
  virtual std::string identity(const Options& options) const = 0;
  // True when rows carry a RowKind (canal_json, …), so that `changelog:` is meaningful.
  virtual bool is_changelog() const = 0;
  // Where a record holds its rows, as keys from the document down; empty where it is one itself.
  // Columns that are read from around the rows are not read from there: make_decoder relies on it.
  virtual std::vector<std::vector<std::string>> row_paths() const { return {}; }
  virtual Result<std::unique_ptr<Decoder>> make_decoder(const ScanSpec& scan,
                                                        const Options& options,
                                                        const TimeZone& zone) const = 0;
};

}  // namespace sluice
