#include "config/node.hpp"

#include "base/assert.hpp"

namespace sluice {

namespace {

const Node::Data absent;

}  // namespace

Node::Kind Node::kind() const { return data_ ? data_->kind : Kind::null; }
const std::string& Node::text() const { return data_ ? data_->text : absent.text; }
Node::Style Node::style() const { return data_ ? data_->style : Style::plain; }

SourceLocation Node::content_location() const {
  return data_ ? data_->content_location : SourceLocation{};
}

const SourceLocation& Node::location() const { return data_ ? data_->location : absent.location; }

const SourceLocation& Node::key_location() const {
  return data_ ? data_->key_location : absent.key_location;
}

const Secret* Node::secret() const { return data_ ? data_->secret.get() : nullptr; }
bool Node::is_unresolved() const { return data_ && data_->is_unresolved; }

size_t Node::size() const {
  if (!data_) return 0;
  return data_->kind == Kind::map ? data_->entries.size() : data_->items.size();
}

const Node& Node::operator[](size_t index) const {
  SLUICE_ASSERT(data_ && index < data_->items.size(), "list index out of range");
  return data_->items[index];
}

Node Node::operator[](std::string_view key) const {
  for (const auto& [name, value] : entries()) {
    if (name.text() == key) return value;
  }
  return {};
}

const std::vector<std::pair<Node, Node>>& Node::entries() const {
  return data_ ? data_->entries : absent.entries;
}

const std::string& Node::path() const { return data_ ? data_->path : absent.path; }

}  // namespace sluice
