#include "formats/field_tree.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace sluice {

namespace {

void append_utf8(uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// The four hexadecimal digits after "\u" at `at`.
std::optional<uint32_t> hex_at(std::string_view raw, size_t at) {
  if (at + 6 > raw.size() || raw[at] != '\\' || raw[at + 1] != 'u') return std::nullopt;
  uint32_t code = 0;
  const char* end = raw.data() + at + 6;
  const auto parsed = std::from_chars(raw.data() + at + 2, end, code, 16);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return code;
}

// Appends the character of the "\u" escape at `at`; its length, or 0 when malformed.
size_t append_unicode(std::string_view raw, size_t at, std::string& out) {
  const auto high = hex_at(raw, at);
  if (!high || (*high >= 0xDC00 && *high < 0xE000)) return 0;
  if (*high < 0xD800 || *high >= 0xE000) {
    append_utf8(*high, out);
    return 6;
  }
  const auto low = hex_at(raw, at + 6);
  if (!low || *low < 0xDC00 || *low >= 0xE000) return 0;
  append_utf8(0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00), out);
  return 12;
}

// The length of a key up to its closing quote.
size_t raw_key_length(const char* raw, size_t readable) {
  size_t length = 0;
  while (length < readable && raw[length] != '"') length += raw[length] == '\\' ? 2 : 1;
  return length < readable ? length : readable;
}

}  // namespace

std::string unescape_key(std::string_view raw) {
  constexpr std::string_view escapes = "\"\\/bfnrt";
  constexpr std::string_view characters = "\"\\/\b\f\n\r\t";
  std::string out;
  for (size_t i = 0; i < raw.size();) {
    if (raw[i] != '\\') {
      out += raw[i++];
      continue;
    }
    if (i + 1 == raw.size()) return {};
    const size_t simple = escapes.find(raw[i + 1]);
    if (simple != std::string_view::npos) {
      out += characters[simple];
      i += 2;
      continue;
    }
    const size_t length = append_unicode(raw, i, out);
    if (length == 0) return {};
    i += length;
  }
  return out;
}

ObjectFields::Learned::Learned(std::string_view key, int32_t of_field)
    : text(std::string(key) + '"'), field(of_field) {
  const size_t head_bytes = std::min<size_t>(text.size(), 8);
  std::memcpy(&head, text.data(), head_bytes);
  std::memset(&head_mask, 0xFF, head_bytes);
  if (text.size() > 8) tail = word_at(text.data() + text.size() - 8);
}

size_t ObjectFields::add(std::string_view key) {
  const int32_t known = find(key);
  if (known != not_wanted) return static_cast<size_t>(known);
  fields_.push_back({std::string(key), {}, nullptr, 0});
  return fields_.size() - 1;
}

void ObjectFields::add_path(const std::vector<std::string>& path, uint32_t column) {
  ObjectFields* object = this;
  for (size_t depth = 0; depth + 1 < path.size(); ++depth) {
    WantedField& parent = object->fields_[object->add(path[depth])];
    if (!parent.child) parent.child = std::make_unique<ObjectFields>();
    object = parent.child.get();
  }
  object->fields_[object->add(path.back())].columns.push_back(column);
}

void ObjectFields::collect_columns(std::vector<uint32_t>& columns) const {
  for (const WantedField& field : fields_) {
    columns.insert(columns.end(), field.columns.begin(), field.columns.end());
    if (field.child) field.child->collect_columns(columns);
  }
}

int32_t ObjectFields::find(std::string_view key) const {
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].key == key) return static_cast<int32_t>(i);
  }
  return not_wanted;
}

int32_t ObjectFields::match_slowly(const char* raw, size_t readable) {
  const std::string_view key(raw, raw_key_length(raw, readable));
  const bool is_escaped = key.find('\\') != std::string_view::npos;
  const int32_t field = is_escaped ? find(unescape_key(key)) : find(key);
  constexpr size_t longest_key = 256;
  if (order_.size() < longest_order && key.size() < longest_key) {
    order_.insert(order_.begin() + static_cast<ptrdiff_t>(cursor_), Learned(key, field));
    ++cursor_;
  }
  return field;
}

}  // namespace sluice
