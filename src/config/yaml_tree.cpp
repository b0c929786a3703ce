#include "config/yaml_tree.hpp"

#include "config/text_map.hpp"

namespace sluice {

namespace {

constexpr size_t longest_path = 512;

Node::Style style_at(const SourceText& source, size_t byte) {
  switch (byte < source.text().size() ? source.text()[byte] : '\0') {
    case '\'':
      return Node::Style::single_quoted;
    case '"':
      return Node::Style::double_quoted;
    case '|':
      return Node::Style::literal;
    case '>':
      return Node::Style::folded;
    default:
      return Node::Style::plain;
  }
}

bool is_block(Node::Style style) {
  return style == Node::Style::literal || style == Node::Style::folded;
}

}  // namespace

YamlTree::YamlTree(const SourceText& source, Diagnostics& diagnostics)
    : source_(source),
      diagnostics_(diagnostics),
      has_tabs_(source.text().find('\t') != std::string::npos) {}

void YamlTree::begin_document(size_t byte) {
  if (++document_count_ == 2) {
    diagnostics_.error(ErrorCode::yaml_unsupported, source_.location_at(byte),
                       "a file holds one document");
    throw LimitReached{};
  }
}

void YamlTree::check_features(size_t byte, bool has_anchor) {
  const bool has_tag = byte < source_.text().size() && source_.text()[byte] == '!';
  if (!has_anchor && !has_tag) return;
  diagnostics_.error(ErrorCode::yaml_unsupported, source_.location_at(byte),
                     has_anchor ? "anchors are not used in pipeline files"
                                : "tags are not used in pipeline files");
}

void YamlTree::add_alias(size_t byte) {
  diagnostics_.error(ErrorCode::yaml_unsupported, source_.location_at(byte),
                     "aliases are not used in pipeline files; write the value out");
  add(make_data(Node::Kind::null, byte));
}

void YamlTree::add_null(size_t byte) {
  auto data = make_data(Node::Kind::null, byte);
  // An empty value has no place of its own: the parser's is that of whatever comes next.
  const bool is_written = source_.text().find_first_of("~nN", byte) == byte;
  if (!is_written && !frames_.empty() && frames_.back().key) {
    data->location = frames_.back().key.location();
  }
  add(std::move(data));
}

void YamlTree::add_scalar(size_t byte, const std::string& text) {
  auto data = make_data(Node::Kind::scalar, byte);
  data->text = text;
  data->style = style_at(source_, byte);
  const Node node(data);
  note_text_lines(node);
  if (is_block(data->style)) {
    data->content_location = TextMap(node, source_).at_byte(text.find_first_not_of('\n'));
  } else {
    data->content_location = data->location;
  }
  if (!expects_key() && data->style == Node::Style::plain) {
    if (const auto why = why_ambiguous(text); !why.empty()) {
      diagnostics_.error(ErrorCode::ambiguous_scalar, node,
                         "bare " + text + " is ambiguous: " + std::string(why),
                         "write \"" + text + "\" if it is a text");
      data->is_unresolved = true;
    }
  }
  add(std::move(data));
}

void YamlTree::begin(Node::Kind kind, size_t byte) {
  if (frames_.size() >= max_yaml_depth) {
    diagnostics_.error(ErrorCode::yaml_limit, source_.location_at(byte),
                       "maps and lists are nested deeper than 64 levels");
    throw LimitReached{};
  }
  Frame frame;
  frame.data = make_data(kind, byte);
  frames_.push_back(std::move(frame));
}

void YamlTree::end() {
  std::shared_ptr<Node::Data> data = std::move(frames_.back().data);
  frames_.pop_back();
  add(std::move(data));
}

std::shared_ptr<Node::Data> YamlTree::make_data(Node::Kind kind, size_t byte) {
  if (++node_count_ > max_yaml_nodes) {
    diagnostics_.error(ErrorCode::yaml_limit, source_.location_at(byte),
                       "the file has more than 100000 values");
    throw LimitReached{};
  }
  auto data = std::make_shared<Node::Data>();
  data->kind = kind;
  data->location = source_.location_at(byte);
  data->path = path_of_next();
  const bool is_map_value = !frames_.empty() && frames_.back().key;
  data->key_location = is_map_value ? frames_.back().key.location() : data->location;
  return data;
}

std::string YamlTree::path_of_next() const {
  if (frames_.empty()) return {};
  const Frame& frame = frames_.back();
  const std::string& parent = frame.data->path;
  if (parent.size() > longest_path) return parent;
  if (frame.data->kind == Node::Kind::list) {
    return parent + "[" + std::to_string(frame.data->items.size()) + "]";
  }
  if (!frame.key) return parent;
  return parent.empty() ? frame.key.text() : parent + "." + frame.key.text();
}

bool YamlTree::expects_key() const {
  return !frames_.empty() && frames_.back().data->kind == Node::Kind::map && !frames_.back().key;
}

void YamlTree::add(std::shared_ptr<Node::Data> data) {
  if (frames_.empty()) {
    root_ = Node(std::move(data));
    return;
  }
  Frame& frame = frames_.back();
  if (frame.data->kind == Node::Kind::list) {
    frame.data->items.emplace_back(std::move(data));
  } else if (!frame.key) {
    add_key(frame, std::move(data));
  } else {
    const Node key = std::exchange(frame.key, Node());
    if (!frame.is_key_refused) frame.data->entries.emplace_back(key, Node(std::move(data)));
  }
}

void YamlTree::add_key(Frame& frame, std::shared_ptr<Node::Data> data) {
  const bool is_text = data->kind == Node::Kind::scalar && data->text.size() <= max_yaml_key_bytes;
  if (!is_text) {
    diagnostics_.error(ErrorCode::yaml_unsupported, data->location,
                       "a key must be a text of at most 256 bytes");
    data->kind = Node::Kind::scalar;
    data->text.clear();
  } else {
    data->location.length = std::max<uint32_t>(1, static_cast<uint32_t>(data->text.size()));
    if (!data->path.empty()) data->path += ".";
    data->path += data->text;
  }
  frame.key = Node(std::move(data));
  frame.is_key_refused = !is_text || !check_key(frame, frame.key);
}

bool YamlTree::check_key(Frame& frame, const Node& key) {
  if (key.text() == "<<" && !key.is_quoted()) {
    diagnostics_.error(ErrorCode::yaml_unsupported, key,
                       "merge keys are not used in pipeline files; write the fields out");
    return false;
  }
  if (!frame.keys.insert(key.text()).second) {
    diagnostics_.error(ErrorCode::duplicate_key, key,
                       "\"" + key.text() + "\" stands twice in this map");
    return false;
  }
  return true;
}

void YamlTree::note_text_lines(const Node& scalar) {
  const uint32_t first = scalar.location().line;
  const bool may_span_lines =
      scalar.text().find_first_of(" \n") != std::string::npos || is_block(scalar.style());
  if (!has_tabs_ || !may_span_lines || scalar.style() == Node::Style::plain) return;
  const uint32_t last = TextMap(scalar, source_).at_byte(scalar.text().size()).line;
  if (last > first) text_lines_.push_back({first + 1, last});
}

}  // namespace sluice
