// ParseNode: PostgreSQL's parse tree of one SQL text as plain values, so that no other file needs
// the JSON library or libpg_query. Immutable once made; any thread. Asking for a member that is not
// there gives the empty node, so that callers need not test every step of a path.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sluice {

class ParseNode {
 public:
  using List = std::vector<ParseNode>;
  using Members = std::vector<std::pair<std::string, ParseNode>>;
  using Value = std::variant<std::monostate, bool, int64_t, std::string, List, Members>;

  ParseNode() = default;
  explicit ParseNode(Value value) : value_(std::move(value)) {}
  ParseNode(std::string kind, Members members)
      : kind_(std::move(kind)), value_(std::move(members)) {}

  // "SelectStmt", "ColumnRef"; empty for values and for members whose kind is fixed by their name.
  const std::string& kind() const { return kind_; }
  bool is(std::string_view kind) const { return kind_ == kind; }
  bool exists() const { return !kind_.empty() || value_.index() != 0; }

  const ParseNode& operator[](std::string_view member) const;
  const List& list(std::string_view member) const;
  const std::string& text(std::string_view member) const;
  int64_t integer(std::string_view member, int64_t otherwise = 0) const;
  bool flag(std::string_view member) const;
  const Members& members() const;
  const List& items() const;

  // Where in the SQL the node is, in characters from 0, or of the first of its parts that has one.
  uint32_t position() const;

 private:
  std::string kind_;
  Value value_;
};

// The names in a list of String nodes: {"String": {"sval": "x"}}.
std::vector<std::string> strings_of(const ParseNode::List& list);
// The last of them, which is a function's or type's own name; empty for an empty list.
std::string last_string(const ParseNode::List& list);

}  // namespace sluice
