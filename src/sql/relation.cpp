#include "sql/relation.hpp"

#include "expr/expression_tree.hpp"

namespace sluice {

namespace {

std::vector<const Relation*> inputs_of(const Relation::Node& node) {
  return std::visit(
      [](const auto& one) -> std::vector<const Relation*> {
        if constexpr (requires { one.input; }) {
          return {one.input.get()};
        } else if constexpr (requires { one.left; }) {
          return {one.left.get(), one.right.get()};
        } else if constexpr (requires { one.inputs; }) {
          std::vector<const Relation*> inputs;
          for (const RelationPtr& input : one.inputs) inputs.push_back(input.get());
          return inputs;
        } else {
          return {};
        }
      },
      node);
}

}  // namespace

Relation::Relation(SchemaPtr schema, Node node, uint32_t position)
    : schema_(std::move(schema)), node_(std::move(node)), position_(position), size_(1) {
  for (const Relation* input : inputs_of(node_)) size_ = added_sizes(size_, input->size());
}

}  // namespace sluice
