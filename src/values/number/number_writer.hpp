// NumberWriter: lays the digits of one number out by a format. Which place gets a digit, a blank or
// nothing follows PostgreSQL place by place. One number, one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "values/number/number_pattern.hpp"

namespace sluice {

// A number before it is laid out: "123.40", "NaN", or "###.##" when it does not fit.
struct NumberDigits {
  std::string text;
  bool is_negative = false;
  int places_before = 0;  // of the format, left of the point
  int places_behind = 0;
  int blanks = 0;  // places in front of the first digit
};

class NumberWriter {
 public:
  NumberWriter(const NumberPattern& pattern, const NumberDigits& number, std::string& out);

  void write();

 private:
  using SignPlace = NumberPattern::SignPlace;

  void write_item(const NumberItem& item);
  void write_place(NumberItemKind kind);
  void write_sign_when_due();
  void write_digit_or_point(NumberItemKind kind);
  void write_digit(NumberItemKind kind);
  void write_sign_behind();
  void write_ordinal(bool is_lower);
  void blank_unless_compact();
  bool is_last_place() const;
  // "0.5" by 9.9 has no digit before the point.
  bool hides_leading_zero() const;
  bool ends_at_point() const;
  bool has_sign_place() const { return sign_place_ != SignPlace::none; }
  // 0 behind the last digit.
  char current() const { return at_ < number_.text.size() ? number_.text[at_] : '\0'; }

  const NumberPattern& pattern_;
  const NumberDigits& number_;
  std::string& out_;
  SignPlace sign_place_;
  bool has_brackets_;
  bool is_sign_written_ = false;
  bool is_inside_ = false;  // the last place held a digit
  int first_zero_ = 0;      // place, from 0
  int places_ = 0;
  int place_ = 0;
  size_t at_ = 0;                        // in the digits
  std::optional<size_t> last_relevant_;  // FM: the digit behind which zeros are left out
};

}  // namespace sluice
