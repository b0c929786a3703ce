// DecimalText: a decimal number of any length as it is written, which can be rounded before its
// digits are counted: 1e-40 has more than a Numeric holds, and 0.00 to two places. Plain value that
// moves only: a view of the text it was read from, or of its own, where that is no plain decimal.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "values/number/numeric.hpp"

namespace sluice {

class DecimalText {
 public:
  enum class Rounding : uint8_t { half_away_from_zero, towards_zero, down, up };

  // PostgreSQL's numeric_in: with blanks around it, a sign, an exponent, digits in groups; whole
  // numbers in other bases; NaN and infinities. Error invalid_text.
  static Result<DecimalText> parse(std::string_view text);

  // With `scale` digits behind the point, or as many zeros before it when negative. nullopt: more
  // than 38 digits.
  std::optional<Numeric> rounded(int64_t scale,
                                 Rounding rounding = Rounding::half_away_from_zero) const;
  // With all digits that are written. nullopt: more than 38.
  std::optional<Numeric> exact() const;
  // Whether there is more than zeros behind the point.
  bool has_fraction() const;

 private:
  // False: no plain decimal.
  bool read(std::string_view text);
  size_t size() const { return whole_.size() + fraction_.size(); }
  char digit(size_t index) const {
    return index < whole_.size() ? whole_[index] : fraction_[index - whole_.size()];
  }
  int64_t scale() const { return static_cast<int64_t>(fraction_.size()) - exponent_; }
  bool is_zero_from(size_t index) const;
  bool rounds_away(int64_t kept, Rounding rounding) const;

  Numeric::Kind kind_ = Numeric::Kind::finite;
  bool is_negative_ = false;
  std::string_view whole_;
  std::string_view fraction_;
  int64_t exponent_ = 0;
  std::unique_ptr<const std::string> own_text_;  // what whole_ and fraction_ are of, if it is there
};

}  // namespace sluice
