// What becomes of rows that have no place in any window: those without a usable time, and late
// ones.
#pragma once

#include "operators/windows/row_assigner.hpp"

namespace sluice {

// The error of a row whose time is NULL, or else too far away.
RowError unusable_time(bool is_null, uint32_t row);

// Counts the rows that the assigner has just refused and sends them where the step's policies say.
// `watermark_us`: of the operator, INT64_MIN if none; told of rows that are not behind that of
// their own partition. Error: the first row's, where a policy is fail.
Status refuse_rows(const RecordBatch& batch, const RowAssigner& assigned, int64_t watermark_us,
                   const WindowAggregateSettings& settings, OperatorContext& context);

// A late row, which may stand for several.
struct LateRow {
  const RecordBatch& batch;
  uint32_t row;
  int64_t rows = 1;
};
Status refuse_late(const LateRow& late, int64_t watermark_us,
                   const WindowAggregateSettings& settings, OperatorContext& context);

}  // namespace sluice
