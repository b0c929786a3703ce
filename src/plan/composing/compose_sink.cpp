#include <algorithm>

#include "plan/composing/compose.hpp"
#include "plan/operations/sink.hpp"

namespace sluice {

// Whether the sink takes what its step sends is checked when the whole graph is known.
void compose_sink(const SinkSettings& sink, const RelationNodes& relations, PlanDraft& draft,
                  PlanProblems& problems) {
  const auto from = relations.find(sink.from);
  if (from == relations.end()) return;
  const SchemaPtr schema = draft.node(from->second).schema;
  PlanSink operation{.mode = sink.mode};
  for (const std::string& name : sink.key) {
    const auto column = schema->find(name);
    if (!column) {
      problems.error(ErrorCode::sink_key_mismatch, sink.key_path,
                     "\"" + sink.from + "\" has no column \"" + name +
                         "\" (columns: " + schema->to_string() + ")");
      return;
    }
    operation.key.push_back(*column);
  }
  PlanNode node{.owner = sink.name, .operation = std::move(operation)};
  node.inputs = {{from->second, {}}};
  node.schema = schema;
  draft.add(std::move(node));
}

}  // namespace sluice
