#include "sql/lookup_binder.hpp"

#include <optional>

#include "config/diagnostic.hpp"
#include "sql/expression_binder.hpp"
#include "sql/window_binder.hpp"

namespace sluice {

namespace {

const Catalog::Lookup* find_lookup(BindState& state, const ParseNode& call) {
  const auto& arguments = call.list("args");
  const uint32_t position = call.position();
  if (arguments.empty() || !arguments[0]["sval"].exists()) {
    state.error(ErrorCode::unknown_lookup, position,
                "lookup() takes the lookup's name in quotes, then its keys",
                "write lookup('name', key)");
    return nullptr;
  }
  const std::string& name = arguments[0]["sval"].text("sval");
  const Catalog::Lookup* lookup = state.catalog().find_lookup(name);
  if (!lookup) {
    state.error(ErrorCode::unknown_lookup, arguments[0].position(),
                "there is no lookup \"" + name + "\"",
                did_you_mean(name, state.catalog().lookup_names()));
    return nullptr;
  }
  if (arguments.size() - 1 == lookup->keys.size()) return lookup;
  state.error(ErrorCode::unknown_lookup, position,
              "lookup \"" + name + "\" has " + std::to_string(lookup->keys.size()) +
                  " key columns (" + lookup->keys.to_string() + "), not " +
                  std::to_string(arguments.size() - 1));
  return nullptr;
}

// The key arguments as expressions of the key columns' types; empty when one was reported.
std::vector<ExpressionPtr> bind_keys(BindState& state, const BoundTable& input,
                                     const ParseNode& call, const Schema& keys) {
  ExpressionBinder binder(state, input.scope, "a key of lookup()");
  std::vector<ExpressionPtr> bound;
  for (size_t i = 0; i < keys.size(); ++i) {
    const ParseNode& argument = call.list("args")[i + 1];
    Bound key = binder.bind(argument);
    const uint32_t position = argument.position();
    if (key.untyped) {
      key = binder.coerce(key, keys[i].type, position);
    } else if (key) {
      key = state.take(state.functions().cast(key.expression, keys[i].type, true, position),
                       position);
    }
    if (!key) return {};
    bound.push_back(std::move(key.expression));
  }
  return bound;
}

// The columns that hold the keys; what is not a column yet is computed below the join, behind the
// input's columns.
std::vector<size_t> key_columns(BoundTable& input, const std::vector<ExpressionPtr>& keys) {
  const Schema& schema = *input.relation->schema();
  std::vector<Field> fields = schema.fields();
  std::vector<ExpressionPtr> expressions;
  for (size_t i = 0; i < schema.size(); ++i) {
    expressions.push_back(column_reference(i, schema[i].type));
  }
  std::vector<size_t> columns;
  for (const ExpressionPtr& key : keys) {
    if (const auto* column = key->as<ColumnReference>()) {
      columns.push_back(column->index);
      continue;
    }
    columns.push_back(expressions.size());
    fields.push_back({"lookup_key_" + std::to_string(columns.size()), key->type()});
    expressions.push_back(key);
  }
  if (expressions.size() > schema.size()) {
    input.relation = std::make_shared<Relation>(std::make_shared<Schema>(std::move(fields)),
                                                Project{input.relation, std::move(expressions)},
                                                input.relation->position());
  }
  return columns;
}

// Null for ON true; none after a problem has been reported.
std::optional<ExpressionPtr> bind_residual(BindState& state, const NameScope& scope,
                                           const ParseNode* condition) {
  if (!condition || !condition->exists()) return ExpressionPtr();
  ExpressionBinder binder(state, scope, "ON");
  auto residual = binder.bind_boolean(*condition, "argument of ON");
  if (!residual) return std::nullopt;
  const auto* constant = residual->as<Literal>();
  const bool is_true = constant && !constant->value.is_null() && constant->value.get<uint8_t>();
  return is_true ? ExpressionPtr() : residual;
}

}  // namespace

bool is_lookup(const ParseNode& item) { return table_function_name(item) == "lookup"; }

BoundTable bind_lookup(BindState& state, BoundTable input, const ParseNode& item,
                       const LookupJoinForm& form) {
  const ParseNode& call = table_function_call(item);
  const Catalog::Lookup* lookup = find_lookup(state, call);
  if (!lookup) return {};
  const auto keys = bind_keys(state, input, call, lookup->keys);
  if (keys.size() != lookup->keys.size()) return {};
  const auto columns = key_columns(input, keys);

  const ParseNode& alias = item["alias"];
  const std::string name = alias.exists() ? alias.text("aliasname") : lookup->name;
  const uint32_t position = call.position();
  if (input.scope.has_relation(name)) {
    state.error(ErrorCode::duplicate_relation, position,
                "FROM has two tables called \"" + name + "\"", "give one of them another name");
    return {};
  }
  NameScope scope = std::move(input.scope);
  std::vector<Field> fields = input.relation->schema()->fields();
  scope.add(name, *lookup->columns, fields.size());
  for (Field field : lookup->columns->fields()) {
    const bool taken = input.relation->schema()->find(field.name).has_value();
    if (taken) field.name = name + "." + field.name;
    fields.push_back(std::move(field));
  }
  const auto residual = bind_residual(state, scope, form.condition);
  if (!residual) return {};
  auto relation = std::make_shared<Relation>(
      std::make_shared<Schema>(std::move(fields)),
      LookupJoin{input.relation, lookup->name, columns, form.kind, *residual}, position);
  return {std::move(relation), std::move(scope)};
}

}  // namespace sluice
