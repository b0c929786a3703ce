#include "storage/encoding.hpp"

namespace sluice {

namespace {

template <class Integer>
void append_integer(std::string& out, Integer value) {
  for (size_t byte = 0; byte < sizeof(Integer); ++byte) {
    out.push_back(static_cast<char>(value >> (8 * byte)));
  }
}

}  // namespace

void append_u16(std::string& out, uint16_t value) { append_integer(out, value); }
void append_u32(std::string& out, uint32_t value) { append_integer(out, value); }
void append_u64(std::string& out, uint64_t value) { append_integer(out, value); }

void append_varint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void append_text(std::string& out, std::string_view text) {
  append_varint(out, text.size());
  out.append(text);
}

template <class Integer>
bool ByteReader::read_integer(Integer& value) {
  if (rest_.size() < sizeof(Integer)) return false;
  uint64_t read = 0;
  for (size_t byte = 0; byte < sizeof(Integer); ++byte) {
    read |= static_cast<uint64_t>(static_cast<uint8_t>(rest_[byte])) << (8 * byte);
  }
  value = static_cast<Integer>(read);
  rest_.remove_prefix(sizeof(Integer));
  return true;
}

bool ByteReader::read_u8(uint8_t& value) { return read_integer(value); }
bool ByteReader::read_u16(uint16_t& value) { return read_integer(value); }
bool ByteReader::read_u32(uint32_t& value) { return read_integer(value); }
bool ByteReader::read_u64(uint64_t& value) { return read_integer(value); }

bool ByteReader::read_varint(uint64_t& value) {
  uint64_t read = 0;
  for (size_t index = 0; index < rest_.size() && index < 10; ++index) {
    const uint64_t byte = static_cast<uint8_t>(rest_[index]);
    if (index == 9 && byte > 1) return false;
    read |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) {
      value = read;
      rest_.remove_prefix(index + 1);
      return true;
    }
  }
  return false;
}

bool ByteReader::read_bytes(uint64_t size, std::string_view& value) {
  if (rest_.size() < size) return false;
  value = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

bool ByteReader::read_text(std::string_view& value) {
  ByteReader attempt = *this;
  uint64_t size = 0;
  if (!attempt.read_varint(size) || !attempt.read_bytes(size, value)) return false;
  *this = attempt;
  return true;
}

}  // namespace sluice
