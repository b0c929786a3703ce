// The second pass over a decoded batch: computed columns, a computed event time and the part of the
// filter that needs whole columns. A pure function but for the clock it shows event times to.
#pragma once

#include <string>
#include <vector>

#include "formats/scan_plan.hpp"
#include "formats/whole_rows.hpp"

namespace sluice {

struct RowProblem {
  Error error;
  std::string column;  // empty: the row as a whole
  Gravity gravity = Gravity::plain;
};

// A row that was read with a problem, which counts only if the row is not filtered after all.
struct PendingProblem {
  size_t row;
  RowProblem problem;
};

// What the first pass has read: all columns of the plan, the computed ones still NULL.
struct ReadRows {
  std::vector<ColumnPtr> columns;
  size_t rows = 0;
  RowMeta meta;
  std::vector<uint32_t> record_of_row;
  std::vector<PendingProblem> problems;  // ascending by row, one a row at most
  WholeRows& whole_rows;
  Allowance& allowance;  // of the batch
};

// Fills result.rows, with what they carry, and adds to its failures (which end up in the order of
// the records) and counts. Throws AllowanceExceeded.
void finish_in_second_pass(const ScanPlan& plan, ReadRows read, const RawBatch& raw,
                           PartitionClock& clock, DecodeResult& result);

inline bool is_finite_time(int64_t time_us) {
  return time_us != timestamp_infinity && time_us != timestamp_minus_infinity;
}
// Whether a row may have that event time: it is finite and not too far ahead.
inline bool is_event_time(int64_t event_time_us, int64_t record_time_us,
                          const PartitionClock& clock) {
  return is_finite_time(event_time_us) && !clock.is_too_far_ahead(event_time_us, record_time_us);
}
// Why not.
Error event_time_error(int64_t event_time_us, int64_t record_time_us);

}  // namespace sluice
