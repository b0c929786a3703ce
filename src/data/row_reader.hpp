// RowReader: reads back what RowCodec::encode wrote (the layout stands in row_codec.cpp). Made for
// one row, used by one thread. The first malformed value stops it: from then on nothing is read and
// is_finished() stays false.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "data/column.hpp"

namespace sluice {

// The header byte of a numeric.
constexpr uint8_t numeric_scale_mask = 0x3F;
constexpr uint8_t numeric_special_bit = 0x40;
constexpr uint8_t numeric_wide_bit = 0x80;

// Bytes of the NULL bits of a row.
constexpr size_t null_bytes(size_t columns) { return (columns + 7) / 8; }

class RowReader {
 public:
  RowReader(std::string_view bytes, size_t columns);

  // Appends the value of the next column; columns are read in order. False: malformed.
  bool read_column(size_t index, TypeKind kind, ColumnBuilder& builder);
  // Everything was well-formed and nothing is left over.
  bool is_finished() const { return is_good_ && rest_.empty(); }

 private:
  template <class T>
  T take() {
    T value{};
    if (rest_.size() < sizeof value) {
      is_good_ = false;
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  template <class T>
  void append_fixed(ColumnBuilder& builder) {
    const T value = take<T>();
    if (is_good_) builder.append<T>(value);
  }
  void append_boolean(ColumnBuilder& builder);
  void append_numeric(ColumnBuilder& builder);
  void append_interval(ColumnBuilder& builder);
  void append_bytes(ColumnBuilder& builder);
  size_t take_length();

  std::string_view null_bits_;
  std::string_view rest_;
  bool is_good_ = true;
};

}  // namespace sluice
