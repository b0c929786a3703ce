// Integers and texts as the files of the state folder hold them: little-endian fixed widths, LEB128
// varints, texts with a varint length. Pure functions; ByteReader never reads past its end: a read
// that does not fit returns false and leaves its argument alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

void append_u16(std::string& out, uint16_t value);
void append_u32(std::string& out, uint32_t value);
void append_u64(std::string& out, uint64_t value);
void append_varint(std::string& out, uint64_t value);
void append_text(std::string& out, std::string_view text);

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool is_empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  bool read_u8(uint8_t& value);
  bool read_u16(uint16_t& value);
  bool read_u32(uint32_t& value);
  bool read_u64(uint64_t& value);
  bool read_varint(uint64_t& value);
  // Views into the bytes given to the constructor.
  bool read_bytes(uint64_t size, std::string_view& value);
  bool read_text(std::string_view& value);

 private:
  template <class Integer>
  bool read_integer(Integer& value);

  std::string_view rest_;
};

}  // namespace sluice
