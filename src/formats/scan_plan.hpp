// ScanPlan: a ScanSpec prepared for decoding: which column comes from where, what of the filter can
// be decided early, and how grave a bad value of a column is. Made once per decoder, then
// immutable.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "formats/decoder.hpp"
#include "formats/early_filter.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

// What a bad value of a column does to a row that the filter drops.
enum class Gravity : uint8_t {
  plain,   // nothing: nobody needs the row
  filter,  // the filter itself needs the column: the row is bad unless another test drops it
  always,  // event time: the row is bad
};

struct PlannedColumn {
  std::string name;
  Type type;
  TimeUnit unit = TimeUnit::none;
  bool required = false;
  MetaColumn meta = MetaColumn::none;
  ExpressionPtr computed;
  bool is_carried = false;
  Gravity gravity = Gravity::plain;
  const EarlyTest* early_test = nullptr;

  bool is_in_document() const { return meta == MetaColumn::none && !computed; }
};

class ScanPlan {
 public:
  // Errors: invalid_value where the scan asks for what no decoder can give.
  static Result<std::shared_ptr<const ScanPlan>> make(const ScanSpec& scan, const TimeZone& zone);

  const ScanSpec& scan() const { return scan_; }
  const TimeZone& zone() const { return zone_; }
  const std::vector<PlannedColumn>& columns() const { return columns_; }
  const std::vector<EarlyTest>& early_tests() const { return filter_.tests; }
  // What of the predicate is evaluated on whole batches; may be null.
  const ExpressionPtr& batch_predicate() const { return filter_.rest; }
  // Rows carry their whole row in the source.
  bool carries_whole_rows() const { return !scan_.whole_row.empty(); }
  bool has_computed_columns() const { return has_computed_columns_; }
  // The event time is read from the document (or the record), row by row.
  bool reads_event_time() const { return reads_event_time_; }
  // The event time is a computed column.
  bool computes_event_time() const { return computes_event_time_; }
  size_t event_time_column() const { return scan_.event_time_column; }
  // Columns have to be looked at once more when all rows are read.
  bool needs_second_pass() const { return has_computed_columns_ || batch_predicate() != nullptr; }
  // Names and types of all columns.
  const SchemaPtr& full_schema() const { return full_schema_; }

 private:
  ScanPlan(const ScanSpec& scan, const TimeZone& zone) : scan_(scan), zone_(zone) {}
  Status check() const;
  void plan_filter();
  void raise_gravity(size_t column, Gravity gravity);

  ScanSpec scan_;
  TimeZone zone_;
  std::vector<PlannedColumn> columns_;
  EarlyFilter filter_;
  SchemaPtr full_schema_;
  bool has_computed_columns_ = false;
  bool reads_event_time_ = false;
  bool computes_event_time_ = false;
};

}  // namespace sluice
