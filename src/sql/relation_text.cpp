#include "sql/relation_text.hpp"

namespace sluice {

namespace {

std::string list(const std::vector<size_t>& columns, const std::vector<std::string>& names) {
  std::string text;
  for (const size_t column : columns) text += (text.empty() ? "" : ", ") + names[column];
  return text;
}

// One line for the node itself; its inputs follow.
class NodeText {
 public:
  explicit NodeText(const Relation& relation) : relation_(relation) {}

  std::string operator()(const NamedRelation& named) const { return "read " + named.name; }
  std::string operator()(const Filter& filter) const {
    return "filter " + to_string(*filter.predicate, names_of(filter.input));
  }
  std::string operator()(const Project& project) const {
    const auto names = names_of(project.input);
    std::string text = "project";
    for (size_t i = 0; i < project.expressions.size(); ++i) {
      const std::string value = to_string(*project.expressions[i], names);
      const std::string& name = (*relation_.schema())[i].name;
      text += (i == 0 ? " " : ", ") + value + (value == name ? "" : " AS " + name);
    }
    return text;
  }
  std::string operator()(const Windowed& windowed) const {
    const auto names = names_of(windowed.input);
    std::string text = windowed.window->text(names[windowed.time_column]);
    if (!windowed.partition.empty()) text += " of [" + list(windowed.partition, names) + "]";
    return text;
  }
  std::string operator()(const Aggregate& aggregate) const {
    const auto names = names_of(aggregate.input);
    std::string text = "aggregate by [" + list(aggregate.keys, names) + "]";
    for (const AggregateCall& call : aggregate.calls) text += " " + to_string(call, names);
    return text;
  }
  std::string operator()(const Join& join) const {
    return std::string(join.kind == JoinKind::left ? "left join " : "join ") +
           to_string(*join.condition, column_names(*relation_.schema()));
  }
  std::string operator()(const LookupJoin& join) const {
    std::string text = join.kind == JoinKind::left ? "left lookup " : "lookup ";
    text += join.lookup + " by [" + list(join.keys, names_of(join.input)) + "]";
    if (!join.residual) return text;
    return text + " and " + to_string(*join.residual, column_names(*relation_.schema()));
  }
  std::string operator()(const UnionAll&) const { return "union all"; }

 private:
  static std::vector<std::string> names_of(const RelationPtr& input) {
    return column_names(*input->schema());
  }

  const Relation& relation_;
};

std::vector<RelationPtr> inputs_of(const Relation& relation) {
  if (const auto* join = relation.as<Join>()) return {join->left, join->right};
  if (const auto* all = relation.as<UnionAll>()) return all->inputs;
  if (const auto* filter = relation.as<Filter>()) return {filter->input};
  if (const auto* project = relation.as<Project>()) return {project->input};
  if (const auto* windowed = relation.as<Windowed>()) return {windowed->input};
  if (const auto* aggregate = relation.as<Aggregate>()) return {aggregate->input};
  if (const auto* lookup = relation.as<LookupJoin>()) return {lookup->input};
  return {};
}

void append(const Relation& relation, size_t depth, std::string& text) {
  text += std::string(2 * depth, ' ') + std::visit(NodeText(relation), relation.node()) + "\n";
  for (const RelationPtr& input : inputs_of(relation)) append(*input, depth + 1, text);
}

}  // namespace

std::string to_string(const Relation& relation) {
  std::string text;
  append(relation, 0, text);
  return text;
}

std::vector<std::string> column_names(const Schema& schema) {
  std::vector<std::string> names;
  for (const Field& field : schema.fields()) names.push_back(field.name);
  return names;
}

std::string to_string(const AggregateCall& call, const std::vector<std::string>& names) {
  std::string text = call.function->name + "(" + (call.distinct ? "DISTINCT " : "");
  text += call.arguments.empty() ? "*" : list(call.arguments, names);
  for (const SortBy<size_t>& key : call.order) {
    text += (&key == &call.order.front() ? " ORDER BY " : ", ") + names[key.value];
    if (key.descending) text += " DESC";
    if (key.nulls_first != key.descending) text += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  }
  text += ")";
  if (call.filter) text += " FILTER (WHERE " + names[*call.filter] + ")";
  return text;
}

}  // namespace sluice
