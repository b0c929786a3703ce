// The aggregate functions SQL may name and their result types, as in PostgreSQL. Their accumulators
// live in operators.
#pragma once

#include <cstdint>
#include <string>

#include "data/type.hpp"

namespace sluice {

enum class AggregateKind : uint8_t { count_rows, count, sum, avg, min, max, bool_and, bool_or };

struct AggregateSignature {
  AggregateKind kind;
  Type argument;  // what the argument must be cast to; unused for count_rows
  Type result;    // sum(int) bigint, sum(bigint) numeric, avg(int) numeric, …
};

const char* aggregate_name(AggregateKind kind);

}  // namespace sluice
