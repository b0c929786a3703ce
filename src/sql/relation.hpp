// Relation: the bound, typed relational tree of one step's SQL. Made by the binder over a Catalog,
// composed and rewritten by plan. Immutable and shared. Every expression's columns are those of the
// node's input (for Join: left's, then right's).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "data/schema.hpp"
#include "expr/aggregates/aggregate_call.hpp"
#include "expr/expression.hpp"
#include "windows/window.hpp"

namespace sluice {

class Relation;
using RelationPtr = std::shared_ptr<const Relation>;

// A source or another step, by name.
struct NamedRelation {
  std::string name;
};
struct Filter {
  RelationPtr input;
  ExpressionPtr predicate;
};
struct Project {
  RelationPtr input;
  std::vector<ExpressionPtr> expressions;  // one per field of the schema
};

// A window function as table: the input's columns, then window_start, window_end and window_time,
// the last microsecond before the end, of the time column's type.
struct Windowed {
  RelationPtr input;
  WindowPtr window;
  size_t time_column = 0;
  std::vector<size_t> partition;  // columns of the input, of windows that depend on rows
};

// GROUP BY over columns of the input (the binder projects expressions below it). Output: the keys,
// then the calls. Over a Windowed (looked through Filter and Project) that groups by its window
// columns it is a window aggregate; plan decides that.
struct Aggregate {
  RelationPtr input;
  std::vector<size_t> keys;
  std::vector<AggregateCall> calls;
};

enum class JoinKind : uint8_t { inner, left };
// Any JOIN of two streams; plan classifies it (interval, window, regular).
struct Join {
  RelationPtr left;
  RelationPtr right;
  JoinKind kind = JoinKind::inner;
  ExpressionPtr condition;  // over left's columns, then right's
};

// LEFT JOIN LATERAL lookup('name', key…) or its inner form: the input's columns, then the lookup's.
struct LookupJoin {
  RelationPtr input;
  std::string lookup;
  std::vector<size_t> keys;  // columns of the input
  JoinKind kind = JoinKind::left;
  ExpressionPtr residual;  // further ON condition, over input's then lookup's columns; may be null
};

struct UnionAll {
  std::vector<RelationPtr> inputs;  // of equal schemas
};

class Relation {
 public:
  using Node =
      std::variant<NamedRelation, Filter, Project, Windowed, Aggregate, Join, LookupJoin, UnionAll>;
  Relation(SchemaPtr schema, Node node, uint32_t position);

  const SchemaPtr& schema() const { return schema_; }
  const Node& node() const { return node_; }
  // Character in the step's SQL from 0, for messages.
  uint32_t position() const { return position_; }
  // Nodes of the tree: what is shared (a name of WITH) counts as often as it is reached.
  uint64_t size() const { return size_; }
  template <class T>
  const T* as() const {
    return std::get_if<T>(&node_);
  }

 private:
  SchemaPtr schema_;
  Node node_;
  uint32_t position_;
  uint64_t size_;
};

}  // namespace sluice
