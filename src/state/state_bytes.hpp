// Bytes of state entries: fixed little-endian values and length-prefixed texts. Writing appends to
// a string; a StateBytesReader reads the same back. Made for one entry, used by one thread. The
// first malformed value stops the reader: from then on it reads zeros and is_good() is false.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace sluice {

template <class T>
void append_value(T value, std::string& out) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// LEB128.
inline void append_length(uint64_t length, std::string& out) {
  for (; length >= 0x80; length >>= 7) out += static_cast<char>(length | 0x80);
  out += static_cast<char>(length);
}

inline void append_text(std::string_view text, std::string& out) {
  append_length(text.size(), out);
  out += text;
}

class StateBytesReader {
 public:
  explicit StateBytesReader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  T take() {
    T value{};
    if (rest_.size() < sizeof value) {
      stop();
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  uint64_t take_length() {
    uint64_t length = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = take<uint8_t>();
      length |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return length;
    }
    stop();
    return 0;
  }
  std::string_view take_text() { return take_bytes(take_length()); }
  std::string_view take_bytes(uint64_t length) {
    if (length > rest_.size()) {
      stop();
      return {};
    }
    const std::string_view text = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return text;
  }
  // Everything that is left.
  std::string_view take_rest() {
    const std::string_view text = rest_;
    rest_ = {};
    return text;
  }

  // What was read cannot be.
  void reject() { stop(); }

  bool is_good() const { return is_good_; }
  // Everything was well-formed and nothing is left over.
  bool is_finished() const { return is_good_ && rest_.empty(); }

 private:
  void stop() {
    is_good_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool is_good_ = true;
};

}  // namespace sluice
