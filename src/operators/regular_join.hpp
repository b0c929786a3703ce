// RegularJoin: joins two relations on equal keys, whenever their rows come. Both sides are kept,
// for ever or for a TTL, and rows that are taken back take back what was joined with them. Equal
// rows are counted.
//
// Output: left's columns, then right's. Of two append inputs an inner join appends; else a change
// leaves as -D of what was and +I of what is. A left join sends a left row with NULLs as long as it
// has no partner. NULL keys match nothing. TTL: a row is kept for so long after its last copy, by
// the watermark, or where there is none by the latest time of a row of its side; what was sent with
// a row that is gone stays. Time of an output row: the later of the two. A pair that the residual
// cannot judge is a dead letter, and both have had their partner. Inputs are hashed by their keys.
#pragma once

#include <memory>
#include <vector>

#include "operators/row_errors.hpp"

namespace sluice {

struct RegularJoinSide {
  SchemaPtr schema;
  std::vector<size_t> keys;  // same order and types on both sides
};

struct RegularJoinSettings {
  StepPolicy policy;
  RegularJoinSide left;   // input 0
  RegularJoinSide right;  // input 1
  SchemaPtr output;
  bool left_outer = false;
  ExpressionPtr residual;  // over left's columns, then right's; may be null
  int64_t ttl_us = 0;      // 0: for ever
};

std::shared_ptr<const OperatorDescription> make_regular_join(RegularJoinSettings settings);

}  // namespace sluice
