// What becomes of rows that have no place in any window: those without a usable time, and late
// ones.
#pragma once

#include "operators/windows/row_assigner.hpp"

namespace sluice {

// Counts the rows that the assigner has just refused and sends them where the step's policies say.
// Error: the first row's, where a policy is fail.
Status refuse_rows(const RecordBatch& batch, const RowAssigner& assigned,
                   const WindowAggregateSettings& settings, OperatorContext& context);

// One late row that stands for `rows` of them.
Status refuse_late(const RecordBatch& batch, uint32_t row, int64_t rows,
                   const WindowAggregateSettings& settings, OperatorContext& context);

}  // namespace sluice
