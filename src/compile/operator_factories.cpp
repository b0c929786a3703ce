#include "compile/operator_factories.hpp"

#include "base/assert.hpp"

namespace sluice {

namespace {

template <class Makers>
auto make_by(const Makers& makers, const NodeToCompile& node) {
  const auto maker = makers.find(node.node.operation->name());
  SLUICE_ASSERT(maker != makers.end(), "an operation of the plan without a factory");
  return maker->second(node);
}

}  // namespace

OperatorFactories::OperatorFactories() { register_operator_factories(*this); }

Result<OperatorDescriptionPtr> OperatorFactories::make(const NodeToCompile& node) const {
  return make_by(makers_, node);
}

OperatorDescriptionPtr OperatorFactories::make_local(const NodeToCompile& node) const {
  return make_by(local_makers_, node);
}

}  // namespace sluice
