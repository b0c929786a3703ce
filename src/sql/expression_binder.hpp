// ExpressionBinder: a parse tree of a scalar expression to a typed Expression over a NameScope.
// Made for one clause (select list, WHERE, …) of one query. The forms live in files of their own:
// literal_binder, operator_binder, conditional_binder, function_binder. One thread.
#pragma once

#include <string>

#include "sql/aggregate_uses.hpp"
#include "sql/bind_state.hpp"
#include "sql/parse_node.hpp"
#include "sql/scope.hpp"

namespace sluice {

class ExpressionBinder {
 public:
  // `place` is how messages call the clause: "WHERE". Aggregates go to `aggregates`; null: none may
  // stand here.
  ExpressionBinder(BindState& state, const NameScope& scope, std::string place,
                   AggregateUses* aggregates = nullptr)
      : state_(state), scope_(scope), place_(std::move(place)), aggregates_(aggregates) {}

  BindState& state() { return state_; }
  const NameScope& scope() const { return scope_; }
  const std::string& place() const { return place_; }
  AggregateUses* aggregates() { return aggregates_; }

  Bound bind(const ParseNode& node);
  // An untyped literal becomes text.
  ExpressionPtr bind_typed(const ParseNode& node);
  // Reports anything but a boolean: "argument of WHERE must be boolean, not integer".
  ExpressionPtr bind_boolean(const ParseNode& node, const std::string& what);
  // Implicit cast, as of CASE branches to their common type.
  Bound coerce(Bound value, Type target, uint32_t position);

 private:
  Bound bind_node(const ParseNode& node);
  Bound bind_column(const ParseNode& node);
  Bound bind_logic(const ParseNode& node);
  Bound bind_test(const ParseNode& node);
  Bound bind_part(const ParseNode& node);
  Bound unsupported(const ParseNode& node);

  BindState& state_;
  const NameScope& scope_;
  std::string place_;
  AggregateUses* aggregates_;
  size_t depth_ = 0;
  bool is_too_deep_ = false;  // reported
};

}  // namespace sluice
