#include "sql/parse_node.hpp"

#include <algorithm>

namespace sluice {

namespace {

const ParseNode no_node;
const ParseNode::List no_list;
const ParseNode::Members no_members;
const std::string no_text;

constexpr uint32_t nowhere = UINT32_MAX;

// The smallest location in a tree; nodes made up by the parser have -1.
uint32_t first_position(const ParseNode& node) {
  const bool has_place = !node.kind().empty() && node["location"].exists();
  if (has_place && node.integer("location") >= 0) {
    return static_cast<uint32_t>(node.integer("location"));
  }
  uint32_t first = nowhere;
  for (const auto& [name, member] : node.members()) {
    if (name == "typeName" && member.integer("location", -1) >= 0) {
      first = std::min(first, static_cast<uint32_t>(member.integer("location")));
    }
    first = std::min(first, first_position(member));
  }
  for (const ParseNode& item : node.items()) first = std::min(first, first_position(item));
  return first;
}

}  // namespace

const ParseNode& ParseNode::operator[](std::string_view member) const {
  for (const auto& [name, node] : members()) {
    if (name == member) return node;
  }
  return no_node;
}

const ParseNode::List& ParseNode::list(std::string_view member) const {
  return (*this)[member].items();
}

const std::string& ParseNode::text(std::string_view member) const {
  const auto* text = std::get_if<std::string>(&(*this)[member].value_);
  return text ? *text : no_text;
}

int64_t ParseNode::integer(std::string_view member, int64_t otherwise) const {
  const auto* number = std::get_if<int64_t>(&(*this)[member].value_);
  return number ? *number : otherwise;
}

bool ParseNode::flag(std::string_view member) const {
  const auto* flag = std::get_if<bool>(&(*this)[member].value_);
  return flag && *flag;
}

const ParseNode::Members& ParseNode::members() const {
  const auto* members = std::get_if<Members>(&value_);
  return members ? *members : no_members;
}

const ParseNode::List& ParseNode::items() const {
  const auto* list = std::get_if<List>(&value_);
  return list ? *list : no_list;
}

uint32_t ParseNode::position() const {
  const uint32_t first = first_position(*this);
  return first == nowhere ? 0 : first;
}

std::vector<std::string> strings_of(const ParseNode::List& list) {
  std::vector<std::string> strings;
  for (const ParseNode& node : list) {
    if (node.is("String")) strings.push_back(node.text("sval"));
  }
  return strings;
}

std::string last_string(const ParseNode::List& list) {
  const auto strings = strings_of(list);
  return strings.empty() ? std::string() : strings.back();
}

}  // namespace sluice
