// Numeric: exact decimal of up to 38 digits with PostgreSQL's display scale (1.50 keeps two
// fractional digits). Plain value, trivially copyable, stored as is in Columns and state. NaN and
// infinities exist as in PostgreSQL.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sluice {

using Int128 = __int128;

class Numeric {
 public:
  enum class Kind : uint8_t { finite, nan, infinity, minus_infinity };
  static constexpr int max_digits = 38;

  constexpr Numeric() = default;
  // coefficient * 10^-scale; |coefficient| < 10^38, 0 <= scale <= 38.
  constexpr Numeric(Int128 coefficient, uint8_t scale)
      : low_(static_cast<uint64_t>(coefficient)),
        high_(static_cast<int64_t>(coefficient >> 64)),
        scale_(scale) {}
  static constexpr Numeric special(Kind kind) {
    Numeric value;
    value.kind_ = kind;
    return value;
  }
  static constexpr Numeric from_int64(int64_t value) { return Numeric(value, 0); }

  Int128 coefficient() const {
    return static_cast<Int128>(
        (static_cast<unsigned __int128>(static_cast<uint64_t>(high_)) << 64) | low_);
  }
  uint8_t scale() const { return scale_; }
  Kind kind() const { return kind_; }
  bool is_finite() const { return kind_ == Kind::finite; }

  // PostgreSQL's numeric_in / numeric_out. Errors: invalid_text, value_out_of_range (more than 38
  // digits).
  static Result<Numeric> parse(std::string_view text);
  // The same of numeric(precision, scale): rounded first, so that only the digits kept count.
  static Result<Numeric> parse(std::string_view text, uint8_t precision, int8_t scale);
  std::string to_string() const;
  // Appends to_string() without allocating; room for 48 characters is needed at `out`. Returns the
  // end.
  char* write(char* out) const;

  // Rounds half away from zero to `scale` fractional digits, padding with zeros. Error when it does
  // not fit.
  Result<Numeric> rescaled(uint8_t scale) const;
  // Cast to numeric(precision, scale). Error value_out_of_range.
  Result<Numeric> constrained(uint8_t precision, int8_t scale) const;

  // Exact order of values: 1.0 equals 1.00; NaN equals NaN and is greatest, as in PostgreSQL.
  std::strong_ordering compare(const Numeric& other) const;
  // The same value with trailing fractional zeros removed: equal values have equal bytes, for keys
  // and hashes.
  Numeric normalized() const;

  // Exact; Error value_out_of_range past 38 digits. Scale is the larger of the two, as in
  // PostgreSQL.
  static Result<Numeric> add(const Numeric& left, const Numeric& right);
  static Result<Numeric> subtract(const Numeric& left, const Numeric& right);

 private:
  uint64_t low_ = 0;
  int64_t high_ = 0;
  uint8_t scale_ = 0;
  Kind kind_ = Kind::finite;
  uint8_t unused_[6] = {};
};
static_assert(sizeof(Numeric) == 24);

}  // namespace sluice
