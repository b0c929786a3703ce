#include "plan/narrowing.hpp"

#include "plan/operations/project.hpp"

namespace sluice {

size_t Narrowing::input_columns(size_t port) const {
  return draft_.node(node().inputs[port].node).schema->size();
}

const ColumnMapping& Narrowing::input(size_t port) const {
  return mappings_[node().inputs[port].node.value];
}

ColumnMapping Narrowing::exactly(size_t port) {
  const PlanNodeId input = node().inputs[port].node;
  const ColumnMapping& mapping = mappings_[input.value];
  const ColumnSet& needed = use_.needed[port];
  if (draft_.node(input).schema->size() == needed.size()) return mapping;
  Columns columns;
  for (const size_t column : needed) columns.push_back(mapping[column]);
  draft_.node(id_).inputs[port].node = draft_.add(selection(input, columns));
  return keep_only(mapping.size(), needed);
}

PlanNode Narrowing::selection(PlanNodeId input, const Columns& columns) const {
  const Schema& schema = *draft_.node(input).schema;
  PlanProject project;
  std::vector<Field> fields;
  for (const size_t column : columns) {
    project.expressions.push_back(column_reference(column, schema[column].type));
    fields.push_back(schema[column]);
  }
  PlanNode reader =
      draft_.reader_of(input, std::move(project), std::make_shared<Schema>(std::move(fields)));
  reader.owner = node().owner;
  reader.position = node().position;
  return reader;
}

ColumnMapping keep_only(size_t columns, const ColumnSet& wanted) {
  ColumnMapping mapping(columns, no_column);
  size_t next = 0;
  for (const size_t column : wanted) mapping[column] = next++;
  return mapping;
}

ColumnMapping joined(const ColumnMapping& left, size_t left_columns, const ColumnMapping& right) {
  ColumnMapping mapping = left;
  for (const size_t column : right) {
    mapping.push_back(column == no_column ? no_column : left_columns + column);
  }
  return mapping;
}

void remap(Columns& columns, const ColumnMapping& mapping) {
  for (size_t& column : columns) column = mapping[column];
}

void remap(std::optional<size_t>& column, const ColumnMapping& mapping) {
  if (column) column = mapping[*column];
}

void remap(ExpressionPtr& expression, const ColumnMapping& mapping) {
  if (expression) expression = remap_columns(expression, mapping);
}

void add_columns(const ExpressionPtr& expression, ColumnSet& columns) {
  if (!expression) return;
  for (const size_t column : columns_of(*expression)) columns.insert(column);
}

}  // namespace sluice
