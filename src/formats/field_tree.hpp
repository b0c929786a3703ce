// ObjectFields: the keys a scan reads from one JSON object, nested ones below. It learns the order
// in which documents bring their keys, so that the usual document costs one comparison a key; a
// document with another order is read as well, only slower. What is read never depends on what was
// learned. Owned by one decoder, one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

class ObjectFields;

// One key of an object that the scan knows.
struct WantedField {
  std::string key;
  std::vector<uint32_t> columns;        // take its value; may be empty
  std::unique_ptr<ObjectFields> child;  // when columns lie below it; else null
  uint64_t seen_in_object = 0;          // of a duplicate key the first counts
};

class ObjectFields {
 public:
  static constexpr int32_t not_wanted = -1;

  // The field of that key, made when there is none yet. Only before the first document.
  size_t add(std::string_view key);
  // `column` takes the value at `path`, which is not empty.
  void add_path(const std::vector<std::string>& path, uint32_t column);

  size_t size() const { return fields_.size(); }
  WantedField& operator[](size_t index) { return fields_[index]; }

  // To be called at the start of every object.
  void start_object() {
    ++objects_;
    cursor_ = 0;
  }
  // The field of the next key of the object, or not_wanted. `raw` is what follows the key's opening
  // quote, escapes and all; at least `readable` bytes of it may be read, the closing quote among
  // them.
  int32_t match(const char* raw, size_t readable) {
    for (size_t i = cursor_; i < order_.size() && i < cursor_ + look_ahead; ++i) {
      const std::string& key = order_[i].key_and_quote;
      if (key.size() <= readable && std::string_view(raw, key.size()) == key) {
        cursor_ = i + 1;
        return order_[i].field;
      }
    }
    return match_slowly(raw, readable);
  }
  // True once per object and field: the first time.
  bool take(WantedField& field) {
    if (field.seen_in_object == objects_) return false;
    field.seen_in_object = objects_;
    return true;
  }
  // All columns of the fields and of those below them, for messages.
  void collect_columns(std::vector<uint32_t>& columns) const;

 private:
  static constexpr size_t look_ahead = 3;
  static constexpr size_t longest_order = 128;

  struct Learned {
    std::string key_and_quote;
    int32_t field;
  };

  int32_t match_slowly(const char* raw, size_t readable);
  int32_t find(std::string_view key) const;

  std::vector<WantedField> fields_;
  std::vector<Learned> order_;
  size_t cursor_ = 0;
  uint64_t objects_ = 0;
};

// The text of a key that is written with escapes; empty when an escape is malformed.
std::string unescape_key(std::string_view raw);

}  // namespace sluice
