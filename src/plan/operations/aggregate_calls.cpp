#include "plan/operations/aggregate_calls.hpp"

#include <algorithm>

#include "plan/inference/hand_on.hpp"
#include "sql/relation_text.hpp"

namespace sluice {

std::string calls_text(const std::vector<AggregateCall>& calls,
                       const std::vector<std::string>& names) {
  std::string text;
  for (const AggregateCall& call : calls) text += " " + to_string(call, names);
  return text;
}

void add_reads(const std::vector<AggregateCall>& calls, size_t keys, const ColumnSet& wanted,
               ColumnSet& reads) {
  for (size_t i = 0; i < calls.size(); ++i) {
    if (!wanted.contains(keys + i)) continue;
    calls[i].for_each_column([&](size_t column) { reads.insert(column); });
  }
}

ColumnMapping narrow_calls(std::vector<AggregateCall>& calls, size_t keys, Narrowing& narrowing) {
  ColumnMapping mapping = first_columns(keys);
  std::vector<AggregateCall> kept;
  for (size_t i = 0; i < calls.size(); ++i) {
    const bool is_wanted = narrowing.wanted().contains(keys + i);
    mapping.push_back(is_wanted ? keys + kept.size() : no_column);
    if (!is_wanted) continue;
    calls[i].for_each_column([&](size_t& column) { column = narrowing.input()[column]; });
    kept.push_back(calls[i]);
  }
  calls = std::move(kept);
  return mapping;
}

void add_calls(const std::vector<AggregateCall>& calls, StateFacts& facts) {
  const std::vector<std::string> names = texts_of(facts.input().columns);
  for (const AggregateCall& call : calls) {
    call.for_each_column([&](size_t column) { facts.use(0, column); });
    facts.add("call", to_string(call, names) + ":" + type_name(call.function->result));
  }
}

bool all_merge(const std::vector<AggregateCall>& calls) {
  return std::all_of(calls.begin(), calls.end(),
                     [](const AggregateCall& call) { return call.merges(); });
}

}  // namespace sluice
