// Reading canonical jsonb text (data/type.hpp) in place: parts of a document are views into it, and
// they are canonical, too. The text must be canonical: it is not checked again. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

// In the order in which jsonb sorts.
enum class JsonbKind : uint8_t { null, string, number, boolean, array, object };

JsonbKind jsonb_kind(std::string_view value);

// The elements of an array, or the keys and values of an object, one after the other.
class JsonbItems {
 public:
  // `container`: an array or object.
  explicit JsonbItems(std::string_view container);

  // Moves to the next item; false when there is none.
  bool next();
  // Of an object: in quotes and escaped.
  std::string_view key() const { return key_; }
  std::string_view value() const { return value_; }

 private:
  std::string_view take_value();

  std::string_view rest_;
  bool is_object_;
  std::string_view key_;
  std::string_view value_;
};

size_t jsonb_count(std::string_view container);
// The value of an object's key; none when it is no object or has no such key.
std::optional<std::string_view> jsonb_member(std::string_view value, std::string_view key);
// Negative indexes count from the end; none when it is no array or has no such element.
std::optional<std::string_view> jsonb_element(std::string_view value, int64_t index);

// The text of a string in quotes; in `buffer` when it has escapes, else within `quoted`.
std::string_view jsonb_string(std::string_view quoted, std::string& buffer);

}  // namespace sluice
