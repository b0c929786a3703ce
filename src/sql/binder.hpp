// Binder: a step's SQL text to a Relation. PostgreSQL's grammar by libpg_query; names from a
// Catalog; every error points into the text. Stateless; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "data/schema.hpp"
#include "expr/function_registry.hpp"
#include "sql/relation.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

// What FROM may name.
class Catalog {
 public:
  struct Lookup {
    std::string name;
    Schema keys;  // in the order of lookup()'s arguments
    SchemaPtr columns;
  };
  virtual ~Catalog() = default;
  // A source or step, by name; null when there is none.
  virtual SchemaPtr find_relation(std::string_view name) const = 0;
  virtual const Lookup* find_lookup(std::string_view name) const = 0;
  virtual std::vector<std::string> relation_names() const = 0;
  virtual std::vector<std::string> lookup_names() const = 0;
};

// A problem with its place in the SQL text, in characters from 0.
struct SqlProblem {
  ErrorCode code;
  bool is_warning = false;
  uint32_t offset = 0;
  uint32_t length = 1;
  std::string message;
  std::string suggestion;
};

struct BindResult {
  RelationPtr relation;  // null when there are errors
  std::vector<SqlProblem> problems;
};

struct BindContext {
  const Catalog* catalog;
  const FunctionRegistry* functions;
  const TimeZone* zone;
};

BindResult bind_query(std::string_view sql, const BindContext& context);
// A scalar expression (`check.expr`, a column's `expr`) over one schema.
struct BindExpressionResult {
  ExpressionPtr expression;
  std::vector<SqlProblem> problems;
};
BindExpressionResult bind_expression(std::string_view sql, const Schema& schema,
                                     const BindContext& context);
// Names of relations (not CTEs) that a query's FROM clauses name: to order steps. Empty when it
// does not parse.
std::vector<std::string> referenced_relations(std::string_view sql);

}  // namespace sluice
