// LookupJoin: extends rows by the columns of a dimension table, through a bounded cache: entries
// live for ttl, absent keys for missing_ttl, the least recently used leave first; the misses of a
// batch are fetched in one call. A NULL key finds nothing. A row that needs one of the table that
// does not fit goes where the step's on_error says.
//
// Over an append stream it keeps no state. Over updates (keeps_rows) it remembers what it emitted
// per state_key (EmittedRows), so that a retraction carries the same dimension values. Input is
// hashed by state_key then.
#pragma once

#include <memory>
#include <vector>

#include "dataflow/lookup.hpp"
#include "operators/row_errors.hpp"

namespace sluice {

struct LookupCacheSettings {
  int64_t ttl_us = 600'000'000;
  int64_t missing_ttl_us = 30'000'000;
  uint64_t max_rows = 100'000;
};

struct LookupJoinSettings {
  StepPolicy policy;
  SchemaPtr input;
  SchemaPtr output;  // input's columns, then `columns` of the lookup
  std::shared_ptr<const LookupDescription> lookup;
  std::vector<size_t> keys;     // columns of the input, in the order of the lookup's keys
  std::vector<size_t> columns;  // of the lookup's value columns
  bool left_outer = true;
  ExpressionPtr residual;  // over input's, then the lookup's columns; may be null
  LookupCacheSettings cache;
  bool keeps_rows = false;
  std::vector<size_t> state_key;
  bool state_key_is_unique = true;  // else it is the whole row, and equal rows are counted
  int64_t ttl_us = 0;
};

std::shared_ptr<const OperatorDescription> make_lookup_join(LookupJoinSettings settings);

}  // namespace sluice
