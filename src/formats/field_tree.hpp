// ObjectFields: the keys a scan reads from one JSON object, nested ones below. It learns the order
// in which documents bring their keys, so that the usual document costs one comparison a key; a
// document with another order is read as well, only slower. What is read never depends on what was
// learned. Owned by one decoder, one thread.
#pragma once

#include <cstdint>
#include <cstring>
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
  // quote, escapes and all; the document goes on for `readable` bytes, the closing quote among
  // them, and 16 more may be read.
  int32_t match(const char* raw, size_t readable) {
    for (size_t i = cursor_; i < order_.size() && i < cursor_ + look_ahead; ++i) {
      if (!order_[i].is_at(raw, readable)) continue;
      cursor_ = i + 1;
      return order_[i].field;
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

  // A key as documents write it, closing quote included. Up to 16 bytes it is compared as two
  // overlapping words, without a loop.
  struct Learned {
    uint64_t head = 0;
    uint64_t head_mask = 0;
    uint64_t tail = 0;
    std::string text;
    int32_t field = not_wanted;

    Learned(std::string_view key, int32_t field);
    bool is_at(const char* raw, size_t readable) const {
      if ((word_at(raw) & head_mask) != head) return false;
      if (text.size() <= 8) return true;
      if (text.size() <= 16) return word_at(raw + text.size() - 8) == tail;
      return text.size() <= readable && std::memcmp(raw, text.data(), text.size()) == 0;
    }
  };
  static uint64_t word_at(const char* bytes) {
    uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    return word;
  }

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
