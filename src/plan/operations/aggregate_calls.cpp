#include "plan/operations/aggregate_calls.hpp"

#include <algorithm>

#include "plan/hand_on.hpp"
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
    if (calls[i].argument) reads.insert(*calls[i].argument);
    if (calls[i].filter) reads.insert(*calls[i].filter);
  }
}

ColumnMapping narrow_calls(std::vector<AggregateCall>& calls, size_t keys, Narrowing& narrowing) {
  ColumnMapping mapping = first_columns(keys);
  std::vector<AggregateCall> kept;
  for (size_t i = 0; i < calls.size(); ++i) {
    const bool is_wanted = narrowing.wanted().contains(keys + i);
    mapping.push_back(is_wanted ? keys + kept.size() : no_column);
    if (!is_wanted) continue;
    remap(calls[i].argument, narrowing.input());
    remap(calls[i].filter, narrowing.input());
    kept.push_back(calls[i]);
  }
  calls = std::move(kept);
  return mapping;
}

void add_calls(const std::vector<AggregateCall>& calls, StateFacts& facts) {
  const std::vector<std::string> names = texts_of(facts.input().columns);
  for (const AggregateCall& call : calls) {
    if (call.argument) facts.use(0, *call.argument);
    if (call.filter) facts.use(0, *call.filter);
    facts.add("call", to_string(call, names) + ":" + type_name(call.result));
  }
}

bool all_merge(const std::vector<AggregateCall>& calls) {
  return std::none_of(calls.begin(), calls.end(),
                      [](const AggregateCall& call) { return call.distinct; });
}

}  // namespace sluice
