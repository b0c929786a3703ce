// The calls of an aggregate operation, whose output is its keys and then them.
#pragma once

#include <string>
#include <vector>

#include "plan/inference/state_facts.hpp"
#include "plan/narrowing.hpp"

namespace sluice {

std::string calls_text(const std::vector<AggregateCall>& calls,
                       const std::vector<std::string>& names);

// The columns of the input that the wanted ones of the calls behind `keys` columns read.
void add_reads(const std::vector<AggregateCall>& calls, size_t keys, const ColumnSet& wanted,
               ColumnSet& reads);

// Goes over to the keys and the calls that are wanted; says where the output's columns went.
ColumnMapping narrow_calls(std::vector<AggregateCall>& calls, size_t keys, Narrowing& narrowing);

void add_calls(const std::vector<AggregateCall>& calls, StateFacts& facts);

// Whether partial results of all of them merge without the values themselves.
bool all_merge(const std::vector<AggregateCall>& calls);

}  // namespace sluice
