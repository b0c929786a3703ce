// Node: one value of a YAML document with its place in the file: null, scalar, list or map (in file
// order, keys unique). Made by parse_yaml (config/document.hpp), which refuses duplicate keys,
// merge keys, tabs, implicit octal and bare yes/no. Cheap to copy (shared, immutable); usable from
// any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/secret.hpp"
#include "config/source_location.hpp"

namespace sluice {

class Node {
 public:
  enum class Kind : uint8_t { null, scalar, list, map };
  enum class Style : uint8_t { plain, single_quoted, double_quoted, literal, folded };
  struct Data;

  Node() = default;  // absent
  explicit Node(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

  // False for an absent field.
  explicit operator bool() const { return data_ != nullptr; }
  Kind kind() const;
  bool is_scalar() const { return data_ && kind() == Kind::scalar; }
  bool is_map() const { return data_ && kind() == Kind::map; }
  bool is_list() const { return data_ && kind() == Kind::list; }
  bool is_null() const { return data_ && kind() == Kind::null; }

  // Scalar text as written; `quoted` tells "no" from no.
  const std::string& text() const;
  bool is_quoted() const { return style() != Style::plain; }
  Style style() const;
  // Of a block scalar (|): the location of its first content line, for mapping positions inside SQL
  // to the file.
  SourceLocation content_location() const;
  const SourceLocation& location() const;
  // Of the key in front of this value; of the value itself in a list.
  const SourceLocation& key_location() const;
  // The value where ${secret:…} took part in it, else null; text() then shows the scalar as written
  // in the file.
  const Secret* secret() const;
  // True for a value that must not be judged: a ${…} that was not asked for (offline validation),
  // or a scalar that was already reported. text() is as written and means nothing.
  bool is_unresolved() const;

  size_t size() const;
  const Node& operator[](size_t index) const;                 // list
  Node operator[](std::string_view key) const;                // map; absent Node when there is none
  const std::vector<std::pair<Node, Node>>& entries() const;  // map: key and value nodes
  // steps.dws_gmv_minute.late
  const std::string& path() const;

 private:
  std::shared_ptr<const Data> data_;
};

struct Node::Data {
  Kind kind = Kind::null;
  std::string text;
  Style style = Style::plain;
  bool is_unresolved = false;
  std::shared_ptr<const Secret> secret;
  std::vector<Node> items;
  std::vector<std::pair<Node, Node>> entries;
  SourceLocation location;
  SourceLocation key_location;
  SourceLocation content_location;
  std::string path;
};

}  // namespace sluice
