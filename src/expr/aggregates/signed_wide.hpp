// SignedWide: whole numbers of a fixed number of 64-bit words, in two's complement: sums of
// squares, which outgrow 128 bits. Arithmetic is modulo 2^(64 * words): whoever computes with it
// knows a bound of what comes out. Plain value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "values/number/wide_integer.hpp"

namespace sluice {

template <size_t words>
class SignedWide {
 public:
  SignedWide() = default;
  SignedWide(__int128 value) {  // NOLINT: a number is a number
    extend(value < 0, 2);
    words_[0] = static_cast<uint64_t>(value);
    words_[1] = static_cast<uint64_t>(static_cast<UInt128>(value) >> 64);
  }
  // A wider form of the same number.
  template <size_t other>
  explicit SignedWide(const SignedWide<other>& value) {
    static_assert(other <= words);
    extend(value.is_negative(), other);
    for (size_t i = 0; i < other; ++i) words_[i] = value.word(i);
  }
  // A number that is not negative.
  explicit SignedWide(const UInt256& value) {
    static_assert(words > 4);
    const UInt128 halves[] = {value.low, value.high};
    for (size_t i = 0; i < 4; ++i) words_[i] = static_cast<uint64_t>(halves[i / 2] >> (i % 2 * 64));
  }

  uint64_t word(size_t index) const { return words_[index]; }
  void set_word(size_t index, uint64_t value) { words_[index] = value; }
  bool is_negative() const { return words_[words - 1] >> 63 != 0; }
  // Whether it is not negative and below 2^256.
  bool fits_unsigned_256() const {
    for (size_t i = 4; i < words; ++i) {
      if (words_[i] != 0) return false;
    }
    return true;
  }
  UInt256 low_256() const {
    return {(UInt128{words_[3]} << 64) | words_[2], (UInt128{words_[1]} << 64) | words_[0]};
  }

  SignedWide& operator+=(const SignedWide& other) {
    UInt128 carry = 0;
    for (size_t i = 0; i < words; ++i) {
      carry += UInt128{words_[i]} + other.words_[i];
      words_[i] = static_cast<uint64_t>(carry);
      carry >>= 64;
    }
    return *this;
  }
  SignedWide& operator-=(const SignedWide& other) {
    uint64_t borrow = 0;
    for (size_t i = 0; i < words; ++i) {
      const UInt128 taken = UInt128{other.words_[i]} + borrow;
      borrow = words_[i] < taken ? 1 : 0;
      words_[i] -= static_cast<uint64_t>(taken);
    }
    return *this;
  }
  SignedWide operator*(const SignedWide& other) const {
    SignedWide product;
    for (size_t i = 0; i < words; ++i) {
      UInt128 carry = 0;
      for (size_t j = 0; i + j < words; ++j) {
        carry += UInt128{words_[i]} * other.words_[j] + product.words_[i + j];
        product.words_[i + j] = static_cast<uint64_t>(carry);
        carry >>= 64;
      }
    }
    return product;
  }
  bool operator==(const SignedWide& other) const = default;

 private:
  void extend(bool is_negative, size_t from) {
    for (size_t i = from; i < words; ++i) words_[i] = is_negative ? UINT64_MAX : 0;
  }

  std::array<uint64_t, words> words_{};
};

}  // namespace sluice
