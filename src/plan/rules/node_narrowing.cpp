#include "plan/rules/node_narrowing.hpp"

namespace sluice {

namespace {

using Columns = std::vector<size_t>;
using Wanted = std::set<size_t>;

void remap(Columns& columns, const ColumnMapping& mapping) {
  for (size_t& column : columns) column = mapping[column];
}

void remap(std::optional<size_t>& column, const ColumnMapping& mapping) {
  if (column) column = mapping[*column];
}

void remap(ExpressionPtr& expression, const ColumnMapping& mapping) {
  if (expression) expression = remap_columns(expression, mapping);
}

// Leaves the calls that are wanted; they stand behind `keys` columns. Their places are appended.
void narrow_calls(std::vector<AggregateCall>& calls, size_t keys, const Wanted& wanted,
                  const ColumnMapping& input, ColumnMapping& mapping) {
  std::vector<AggregateCall> kept;
  for (size_t i = 0; i < calls.size(); ++i) {
    const bool is_wanted = wanted.contains(keys + i);
    mapping.push_back(is_wanted ? keys + kept.size() : no_column);
    if (!is_wanted) continue;
    remap(calls[i].argument, input);
    remap(calls[i].filter, input);
    kept.push_back(calls[i]);
  }
  calls = std::move(kept);
}

SchemaPtr narrow_schema(const Schema& schema, const ColumnMapping& mapping) {
  std::vector<Field> fields;
  for (size_t i = 0; i < mapping.size(); ++i) {
    if (mapping[i] != no_column) fields.push_back(schema[i]);
  }
  return std::make_shared<Schema>(std::move(fields));
}

// Left's columns stay in front of right's.
ColumnMapping joined(const ColumnMapping& left, size_t left_columns, const ColumnMapping& right) {
  ColumnMapping mapping = left;
  for (const size_t column : right) {
    mapping.push_back(column == no_column ? no_column : left_columns + column);
  }
  return mapping;
}

ColumnMapping keep(size_t columns, const Wanted& wanted) {
  ColumnMapping mapping(columns, no_column);
  size_t next = 0;
  for (const size_t column : wanted) mapping[column] = next++;
  return mapping;
}

}  // namespace

// Rewrites one operation; the result says where the node's columns went. Nodes that hand on their
// input's rows have whatever columns that has.
struct NarrowOperation {
  NodeNarrowing& narrowing;
  PlanNodeId id;
  const Wanted& wanted;
  const std::vector<Wanted>& needed;

  PlanNode& node() const { return narrowing.draft_.node(id); }
  ColumnMapping input() const { return narrowing.mapping_of(node().inputs.front().node); }
  size_t input_columns(size_t port) const {
    return narrowing.draft_.node(node().inputs[port].node).schema->size();
  }

  ColumnMapping operator()(PlanSource source) const {
    const ColumnMapping mapping = narrow_scan(source.scan, wanted);
    remap(source.change_key, mapping);
    node().operation = std::move(source);
    return mapping;
  }
  ColumnMapping operator()(PlanChangelogDedup dedup) const {
    const ColumnMapping mapping = input();
    remap(dedup.key, mapping);
    remap(dedup.version_column, mapping);
    node().operation = std::move(dedup);
    return mapping;
  }
  ColumnMapping operator()(PlanFilter filter) const {
    const ColumnMapping mapping = input();
    remap(filter.predicate, mapping);
    node().operation = std::move(filter);
    return mapping;
  }
  ColumnMapping operator()(const PlanProject& project) const {
    const ColumnMapping below = input();
    PlanProject narrowed;
    for (const size_t column : wanted) {
      narrowed.expressions.push_back(remap_columns(project.expressions[column], below));
    }
    const ColumnMapping mapping = keep(project.expressions.size(), wanted);
    node().operation = std::move(narrowed);
    return mapping;
  }
  ColumnMapping operator()(PlanCheck check) const {
    const ColumnMapping mapping = input();
    for (PlannedCheck& planned : check.checks) remap(planned.predicate, mapping);
    node().operation = std::move(check);
    return mapping;
  }
  ColumnMapping operator()(PlanIntervalJoin join) const {
    const ColumnMapping left = narrowing.take_exactly(id, 0, needed[0]);
    const ColumnMapping right = narrowing.take_exactly(id, 1, needed[1]);
    const ColumnMapping mapping = joined(left, needed[0].size(), right);
    remap(join.left.keys, left);
    remap(join.right.keys, right);
    join.left.time_column = left[join.left.time_column];
    join.right.time_column = right[join.right.time_column];
    remap(join.residual, mapping);
    node().operation = std::move(join);
    return mapping;
  }
  ColumnMapping operator()(PlanLookupJoin join) const {
    const ColumnMapping below = input();
    const Schema& values = *join.lookup_columns;
    Wanted residual;
    if (join.residual) {
      for (const size_t column : columns_of(*join.residual)) residual.insert(column);
    }
    ColumnMapping looked_up(values.size(), no_column);
    std::vector<Field> fields;
    for (size_t i = 0; i < values.size(); ++i) {
      const size_t column = below.size() + i;
      if (!wanted.contains(column) && !residual.contains(column)) continue;
      looked_up[i] = fields.size();
      fields.push_back(values[i]);
    }
    join.lookup_columns = std::make_shared<Schema>(std::move(fields));
    const ColumnMapping mapping = joined(below, input_columns(0), looked_up);
    remap(join.keys, below);
    remap(join.state_key, below);
    remap(join.residual, mapping);
    node().operation = std::move(join);
    return mapping;
  }
  ColumnMapping operator()(PlanWindowAggregate aggregate) const {
    const ColumnMapping below = input();
    ColumnMapping mapping;
    for (PlanWindowKey& key : aggregate.keys) {
      mapping.push_back(mapping.size());
      if (key.role == PlanWindowKey::Role::column) key.column = below[key.column];
    }
    aggregate.window.time_column = below[aggregate.window.time_column];
    narrow_calls(aggregate.calls, aggregate.keys.size(), wanted, below, mapping);
    node().operation = std::move(aggregate);
    return mapping;
  }
  ColumnMapping operator()(PlanGroupAggregate aggregate) const {
    const ColumnMapping below = input();
    ColumnMapping mapping;
    for (size_t& key : aggregate.keys) {
      mapping.push_back(mapping.size());
      key = below[key];
    }
    narrow_calls(aggregate.calls, aggregate.keys.size(), wanted, below, mapping);
    node().operation = std::move(aggregate);
    return mapping;
  }
  ColumnMapping operator()(PlanWindowRows rows) const {
    const ColumnMapping below = input();
    rows.window.time_column = below[rows.window.time_column];
    const ColumnMapping mapping = joined(below, input_columns(0), {0, 1, 2});
    node().operation = std::move(rows);
    return mapping;
  }
  ColumnMapping operator()(const PlanUnion&) const {
    const size_t columns = node().schema->size();
    for (size_t port = 0; port < node().inputs.size(); ++port) {
      narrowing.take_exactly(id, port, wanted);
    }
    return keep(columns, wanted);
  }
  ColumnMapping operator()(PlanSink sink) const {
    const ColumnMapping mapping = input();
    remap(sink.key, mapping);
    node().operation = std::move(sink);
    return mapping;
  }
};

void NodeNarrowing::narrow(PlanNodeId id, const std::set<size_t>& wanted,
                           const std::vector<std::set<size_t>>& needed) {
  const PlanNode::Operation operation = draft_.node(id).operation;
  ColumnMapping mapping = std::visit(NarrowOperation{*this, id, wanted, needed}, operation);
  PlanNode& node = draft_.node(id);
  node.schema = narrow_schema(*node.schema, mapping);
  mappings_[id.value] = std::move(mapping);
}

ColumnMapping NodeNarrowing::take_exactly(PlanNodeId id, size_t port,
                                          const std::set<size_t>& needed) {
  const PlanNodeId input = draft_.node(id).inputs[port].node;
  const ColumnMapping& mapping = mappings_[input.value];
  const SchemaPtr schema = draft_.node(input).schema;
  if (schema->size() == needed.size()) return mapping;
  PlanProject project;
  std::vector<Field> fields;
  for (const size_t column : needed) {
    const Field& field = (*schema)[mapping[column]];
    project.expressions.push_back(column_reference(mapping[column], field.type));
    fields.push_back(field);
  }
  PlanNode narrowed =
      draft_.reader_of(input, std::move(project), std::make_shared<Schema>(std::move(fields)));
  narrowed.owner = draft_.node(id).owner;
  narrowed.position = draft_.node(id).position;
  ColumnMapping exact = keep(mapping.size(), needed);
  draft_.node(id).inputs[port].node = draft_.add(std::move(narrowed));
  return exact;
}

}  // namespace sluice
