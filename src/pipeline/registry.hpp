// Registry: everything that a pipeline file may name in this binary: connectors, formats, functions
// with the aggregates among them; and the rewrites of plans, which nobody names. Filled once at
// start from generated, explicit lists, then immutable and shared by all threads. Nothing registers
// itself.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"
#include "expr/function_registry.hpp"
#include "formats/format_registry.hpp"
#include "plan/rewrite.hpp"

namespace sluice {

class Registry {
 public:
  // Knows what the rooms themselves bring: formats, functions, rewrites. Connectors are added.
  Registry();

  ConnectorRegistry& connectors() { return connectors_; }
  const ConnectorRegistry& connectors() const { return connectors_; }
  FormatRegistry& formats() { return formats_; }
  const FormatRegistry& formats() const { return formats_; }
  FunctionRegistry& functions() { return functions_; }
  const FunctionRegistry& functions() const { return functions_; }
  RewriteRegistry& rewrites() { return rewrites_; }
  const RewriteRegistry& rewrites() const { return rewrites_; }

 private:
  ConnectorRegistry connectors_;
  FormatRegistry formats_;
  FunctionRegistry functions_;
  RewriteRegistry rewrites_;
};

// With every connector of the binary, and what parts from outside the tree add. Generated where
// sluice_registry (cmake/parts.cmake) is asked for it.
std::unique_ptr<Registry> make_registry();

}  // namespace sluice
