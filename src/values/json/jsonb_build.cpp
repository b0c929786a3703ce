#include "values/json/jsonb_build.hpp"

#include <algorithm>

#include "values/json/jsonb_view.hpp"

namespace sluice {

namespace {

class ObjectWriter {
 public:
  void add(const JsonbItems& item) {
    out_ += out_.size() == 1 ? "" : ", ";
    out_ += item.key();
    out_ += ": ";
    out_ += item.value();
  }
  std::string finish() { return std::move(out_) + "}"; }

 private:
  std::string out_ = "{";
};

// Both have their keys in order.
std::string merge_objects(std::string_view left, std::string_view right) {
  ObjectWriter writer;
  JsonbItems a(left);
  JsonbItems b(right);
  bool has_a = a.next();
  bool has_b = b.next();
  while (has_a || has_b) {
    const bool takes_a = has_a && (!has_b || is_jsonb_key_before(a.key(), b.key()));
    if (takes_a) {
      writer.add(a);
      has_a = a.next();
      continue;
    }
    if (has_a && a.key() == b.key()) has_a = a.next();
    writer.add(b);
    has_b = b.next();
  }
  return writer.finish();
}

// What a value contributes to an array: its elements, or itself.
std::string_view as_elements(std::string_view value) {
  return jsonb_kind(value) == JsonbKind::array ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

void append_jsonb_string(std::string_view text, std::string& out) {
  constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        if (static_cast<unsigned char>(c) >= ' ') {
          out += c;
        } else {
          out += "\\u00";
          out += digits[c >> 4];
          out += digits[c & 15];
        }
    }
  }
  out += '"';
}

bool is_jsonb_key_before(std::string_view left, std::string_view right) {
  std::string left_buffer;
  std::string right_buffer;
  const std::string_view a = jsonb_string(left, left_buffer);
  const std::string_view b = jsonb_string(right, right_buffer);
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

std::string concatenate_jsonb(std::string_view left, std::string_view right) {
  if (jsonb_kind(left) == JsonbKind::object && jsonb_kind(right) == JsonbKind::object) {
    return merge_objects(left, right);
  }
  const std::string_view first = as_elements(left);
  const std::string_view second = as_elements(right);
  std::string result = "[";
  result += first;
  if (!first.empty() && !second.empty()) result += ", ";
  result += second;
  return result + "]";
}

std::string object_of(std::vector<JsonbMember> members) {
  std::stable_sort(members.begin(), members.end(), [](const auto& left, const auto& right) {
    return is_jsonb_key_before(left.key, right.key);
  });
  std::string object = "{";
  for (size_t i = 0; i < members.size(); ++i) {
    if (i + 1 < members.size() && members[i].key == members[i + 1].key) continue;
    if (object.size() > 1) object += ", ";
    object.append(members[i].key).append(": ").append(members[i].value);
  }
  return object + "}";
}

}  // namespace sluice
