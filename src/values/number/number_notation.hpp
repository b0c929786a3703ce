// The notations of numbers that PostgreSQL reads besides plain decimals: another base (0x1F, 0o17,
// 0b11) and digits in groups (1_000). Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

// The digits of a whole number without its sign, one after the other.
class WholeDigits {
 public:
  explicit WholeDigits(std::string_view text);

  uint32_t base() const { return base_; }
  // nullopt: what follows is none.
  std::optional<uint32_t> next();
  // After the last digit: there was one, and nothing follows.
  bool is_whole_text() const { return has_digit_ && rest_.empty(); }

 private:
  uint32_t base_ = 10;
  std::string_view rest_;
  bool has_digit_ = false;
};

// The same number as a plain decimal; `text` has no blanks around it. nullopt: it has no such
// notation. In another base more than 38 digits become 39 of any value.
std::optional<std::string> as_plain_decimal(std::string_view text);

}  // namespace sluice
