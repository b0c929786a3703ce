// NumberPattern: the format of to_char and to_number of numbers cut into its items, as PostgreSQL
// cuts it in the C locale: D is a point, G a comma, L a blank. Made once per format text, then read
// only; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice {

enum class NumberItemKind : uint8_t {
  digit,       // 9
  zero,        // 0
  point,       // . D
  comma,       // , G
  currency,    // L
  minus,       // MI
  plus,        // PL
  sign,        // SG
  roman,       // RN
  ordinal,     // TH
  literal,     // any other character
  blank,       // B; this and the following have no place of their own
  compact,     // FM
  brackets,    // PR
  sign_place,  // S
  shift,       // V
  scientific,  // EEEE
  ignored      // C, SP
};

struct NumberItem {
  NumberItemKind kind = NumberItemKind::literal;
  bool is_lower = false;  // rn, th
  std::string text;       // of a literal: one character in UTF-8
};

class NumberPattern {
 public:
  // Where S puts the sign: before the first or behind the last digit.
  enum class SignPlace : uint8_t { none, before, behind };

  // Error invalid_argument: items that cannot stand together.
  static Result<NumberPattern> parse(std::string_view format);

  const std::vector<NumberItem>& items() const { return items_; }

  int digits_before = 0;  // 9 and 0 left of the point
  int digits_behind = 0;
  int shift = 0;       // digits behind V: the number is multiplied by as many tens
  int zero_start = 0;  // the place of the first 0, from 1; 0: there is none
  int zero_end = 0;    // the place of the last one
  SignPlace sign_place = SignPlace::none;
  int digits_before_sign = 0;  // of S
  bool has_point = false;
  bool has_zero = false;
  bool is_blank_when_zero = false;  // B
  bool is_compact = false;          // FM
  bool has_brackets = false;        // PR
  bool has_minus = false;           // MI, SG
  bool has_plus = false;            // PL, SG
  bool is_roman = false;
  bool is_shifted = false;     // V
  bool is_scientific = false;  // EEEE

 private:
  friend class NumberPatternParser;
  std::vector<NumberItem> items_;
};

}  // namespace sluice
