// IntervalJoin: joins two append streams on equal keys and lower <= right.time - left.time <=
// upper. Both sides are kept as long as the other side may still bring a match, as the watermark
// and the lags of the time columns tell, and freed then.
//
// Output: left's columns, then right's; append. `seen` of an output row is the larger of the two. A
// row is refused as late iff time < seen - lag - accept, or rows with times that it matches may
// have been freed, as after silence, whatever its key. A left row without a match is dropped when
// freed (inner) or emitted with NULLs (left join): with accept = 0 an unmatched row is emitted once
// no match can come any more. NULL keys match nothing. How far each side has been freed is saved,
// so that neither a restore nor another accept takes it back. Inputs are hashed by their keys.
#pragma once

#include <memory>
#include <vector>

#include "operators/late_handling.hpp"
#include "operators/row_errors.hpp"

namespace sluice {

struct IntervalJoinSide {
  SchemaPtr schema;
  std::vector<size_t> keys;  // same order and types on both sides
  size_t time_column = 0;
  int64_t lag_us = 0;
  LateHandling late;
};

struct IntervalJoinSettings {
  StepPolicy policy;
  IntervalJoinSide left;   // input 0
  IntervalJoinSide right;  // input 1
  SchemaPtr output;
  bool left_outer = false;
  int64_t lower_us = 0;
  int64_t upper_us = 0;
  ExpressionPtr residual;  // over left's columns, then right's; may be null
};

std::shared_ptr<const OperatorDescription> make_interval_join(IntervalJoinSettings settings);

}  // namespace sluice
