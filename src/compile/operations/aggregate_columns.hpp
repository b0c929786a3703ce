// The calls of an aggregate, in the operators' words.
#pragma once

#include <vector>

#include "operators/aggregate_call.hpp"
#include "sql/relation.hpp"

namespace sluice {

inline std::vector<AggregateColumn> aggregate_columns(const std::vector<AggregateCall>& calls) {
  std::vector<AggregateColumn> columns;
  for (const AggregateCall& call : calls) {
    columns.push_back({call.kind, call.argument, call.filter, call.distinct, call.result});
  }
  return columns;
}

}  // namespace sluice
