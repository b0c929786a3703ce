// describe: the OperatorDescription of an operator whose instances are made from one immutable
// value and borrow it: its settings, or those with what follows from them. Any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "dataflow/operator.hpp"

namespace sluice {

template <class Instance, class Settings>
class Described final : public OperatorDescription {
 public:
  Described(std::string_view label, SchemaPtr output, Settings settings)
      : label_(label), output_(std::move(output)), settings_(std::move(settings)) {}
  std::string label() const override { return label_; }
  SchemaPtr output_schema() const override { return output_; }
  std::unique_ptr<Operator> create() const override {
    return std::make_unique<Instance>(settings_);
  }

 private:
  const std::string label_;
  const SchemaPtr output_;
  const Settings settings_;
};

// `output`: the schema of its rows.
template <class Instance, class Settings>
std::shared_ptr<const OperatorDescription> describe(std::string_view label, SchemaPtr output,
                                                    Settings settings) {
  return std::make_shared<Described<Instance, Settings>>(label, std::move(output),
                                                         std::move(settings));
}

}  // namespace sluice
