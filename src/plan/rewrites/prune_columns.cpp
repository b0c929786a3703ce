// Columns that nobody reads are neither decoded nor kept in state.
#include "plan/inference/infer.hpp"
#include "plan/inference/node_view.hpp"
#include "plan/narrowing.hpp"
#include "plan/rewrite.hpp"

namespace sluice {

namespace {

using Use = Narrowing::Use;

// Columns of a node that are kept whoever wants them. The key of upserts stays where they are made,
// since readers may turn out to need them completed, and where the clock is read, since its rows
// can only be replaced by their key.
Columns kept_columns(const PlanDraft& draft, const PlanNode& node) {
  if (node.mode.kind != ChangelogMode::Kind::upsert) return {};
  const bool makes_them = maker_of_upserts(draft.plan(), node).id == node.id;
  return makes_them || node.operation->reads_clock() ? node.mode.key : Columns{};
}

// What each node's readers want of it, and what it needs of its inputs; readers first.
std::vector<Use> uses_of(const PlanDraft& draft) {
  std::vector<Use> uses(draft.size());
  for (size_t i = draft.size(); i-- > 0;) {
    const PlanNode& node = draft.node(PlanNodeId(static_cast<uint32_t>(i)));
    Use& use = uses[i];
    for (const size_t column : kept_columns(draft, node)) use.wanted.insert(column);
    use.needed = node.operation->reads(NodeView(draft.plan(), node), use.wanted);
    for (size_t port = 0; port < use.needed.size(); ++port) {
      // A batch without columns would not say how many rows it has.
      if (use.needed[port].empty()) use.needed[port].insert(0);
      uses[node.inputs[port].node.value].wanted.insert(use.needed[port].begin(),
                                                       use.needed[port].end());
    }
  }
  return uses;
}

SchemaPtr narrow_schema(const Schema& schema, const ColumnMapping& mapping) {
  std::vector<Field> fields;
  for (size_t i = 0; i < mapping.size(); ++i) {
    if (mapping[i] != no_column) fields.push_back(schema[i]);
  }
  return std::make_shared<Schema>(std::move(fields));
}

void prune_columns(const PlanRequest&, PlanDraft& draft) {
  const std::vector<Use> uses = uses_of(draft);
  std::vector<ColumnMapping> mappings(uses.size());
  for (size_t i = 0; i < uses.size(); ++i) {
    const PlanNodeId id(static_cast<uint32_t>(i));
    // Narrowing may add nodes, which moves all of them: the operation is changed apart.
    Operation operation = draft.node(id).operation;
    Narrowing narrowing(draft, id, uses[i], mappings);
    mappings[i] = operation->narrow(narrowing);
    PlanNode& node = draft.node(id);
    node.operation = std::move(operation);
    node.schema = narrow_schema(*node.schema, mappings[i]);
  }
}

}  // namespace

void register_prune_columns(RewriteRegistry& registry) {
  registry.add({"prune_columns", RewriteStage::columns, prune_columns});
}

}  // namespace sluice
