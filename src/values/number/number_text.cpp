// Booleans, integers and doubles as text.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "values/number/number_notation.hpp"
#include "values/text/bad_text.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// True when `text` is a prefix of `word`, ignoring case, and long enough to mean only that word.
bool abbreviates(std::string_view text, std::string_view word, size_t shortest) {
  return text.size() >= shortest && text.size() <= word.size() &&
         equals_ignoring_case(text, word.substr(0, text.size()));
}

// Whatever the digits are that PostgreSQL takes. A text that is wrong in two ways has PostgreSQL's
// error: a number that grows too large is told before what follows its digits.
template <class Integer>
Result<Integer> parse_whole_closely(std::string_view text, std::string_view type) {
  std::string_view bare = trimmed(text);
  const bool is_negative = bare.starts_with('-');
  if (is_negative || bare.starts_with('+')) bare.remove_prefix(1);
  constexpr uint64_t limit = uint64_t{std::numeric_limits<Integer>::max()} + 1;
  uint64_t magnitude = 0;
  WholeDigits digits(bare);
  while (const auto digit = digits.next()) {
    if (magnitude > limit / digits.base()) return fail_range(type, text);
    magnitude = magnitude * digits.base() + *digit;
  }
  if (!digits.is_whole_text()) return fail_syntax(type, text);
  if (magnitude > limit - (is_negative ? 0 : 1)) return fail_range(type, text);
  return static_cast<Integer>(is_negative ? -magnitude : magnitude);
}

template <class Integer>
Result<Integer> parse_whole(std::string_view text, std::string_view type) {
  const std::string_view bare = trimmed(text);
  const char* const end = bare.data() + bare.size();
  Integer value = 0;
  const auto [stop, problem] = std::from_chars(bare.data(), end, value);
  if (problem == std::errc{} && stop == end) [[likely]]
    return value;
  return parse_whole_closely<Integer>(text, type);
}

// 0x1F, 0x1.8p3.
bool starts_hex(std::string_view digits) {
  constexpr std::string_view first = "0123456789abcdefABCDEF.";
  return digits.size() > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X') &&
         first.find(digits[2]) != std::string_view::npos;
}

Result<double> parse_special_double(std::string_view word, bool negative, std::string_view text) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (equals_ignoring_case(word, "nan")) return std::numeric_limits<double>::quiet_NaN();
  if (equals_ignoring_case(word, "infinity") || equals_ignoring_case(word, "inf")) {
    return negative ? -infinity : infinity;
  }
  return fail_syntax("double precision", text);
}

}  // namespace

Result<bool> parse_boolean(std::string_view text) {
  const std::string_view word = trimmed(text);
  if (abbreviates(word, "true", 1) || abbreviates(word, "yes", 1)) return true;
  if (abbreviates(word, "false", 1) || abbreviates(word, "no", 1)) return false;
  if (abbreviates(word, "on", 2) || word == "1") return true;
  if (abbreviates(word, "off", 2) || word == "0") return false;
  return fail_syntax("boolean", text);
}

Result<int32_t> parse_integer(std::string_view text) {
  return parse_whole<int32_t>(text, "integer");
}

Result<int64_t> parse_bigint(std::string_view text) { return parse_whole<int64_t>(text, "bigint"); }

Result<double> parse_double(std::string_view text) {
  const std::string_view bare = trimmed(text);
  const bool has_sign = !bare.empty() && (bare[0] == '-' || bare[0] == '+');
  const bool negative = has_sign && bare[0] == '-';
  const std::string_view digits = bare.substr(has_sign ? 1 : 0);
  if (digits.empty() || !(is_digit(digits[0]) || digits[0] == '.')) {
    return parse_special_double(digits, negative, text);
  }
  double value = 0;
  const bool is_hex = starts_hex(digits);
  const char* const end = digits.data() + digits.size();
  const auto [stop, problem] =
      std::from_chars(digits.data() + (is_hex ? 2 : 0), end, value,
                      is_hex ? std::chars_format::hex : std::chars_format::general);
  if (stop != end || problem == std::errc::invalid_argument) {
    return fail_syntax("double precision", text);
  }
  if (problem == std::errc::result_out_of_range) return fail_range("double precision", text);
  return negative ? -value : value;
}

namespace {

// Whether a decimal of the form 1.5e+20 lies exactly between two doubles. It reads back as the even
// one, but PostgreSQL does not count on that and writes a digit more. Only whole numbers below
// 10^38 can: beyond, no number of 54 bits has so few digits.
bool is_between_doubles(double value, std::string_view decimal) {
  constexpr double least = 1e15;
  constexpr double limit = 1e38;
  const double magnitude = std::fabs(value);
  if (magnitude < least || magnitude >= limit) return false;
  using Whole = unsigned __int128;
  Whole whole = 0;
  const size_t mantissa_end = decimal.find('e');
  const size_t point = decimal.find('.');
  for (const char c : decimal.substr(0, mantissa_end)) {
    if (is_digit(c)) whole = whole * 10 + static_cast<Whole>(c - '0');
  }
  int exponent = std::atoi(decimal.data() + mantissa_end + 1);
  if (point != std::string_view::npos) exponent -= static_cast<int>(mantissa_end - point - 1);
  for (; exponent > 0; --exponent) whole *= 10;
  const auto own = static_cast<Whole>(magnitude);
  if (exponent < 0 || whole == own) return false;
  const double towards = whole > own ? limit : 0;
  const auto neighbour = static_cast<Whole>(std::nextafter(magnitude, towards));
  return whole - own == neighbour - whole;
}

// The fewest digits that read back and do not lie between two doubles; never more than 17.
char* write_scientific(double value, char* begin, char* limit) {
  char* end = std::to_chars(begin, limit - 1, value, std::chars_format::scientific).ptr;
  const auto digits = static_cast<int>(std::count_if(begin, std::find(begin, end, 'e'), is_digit));
  for (int precision = digits; precision < 17; ++precision) {
    *end = '\0';
    if (!is_between_doubles(value, {begin, end})) break;
    end = std::to_chars(begin, limit - 1, value, std::chars_format::scientific, precision).ptr;
  }
  return end;
}

}  // namespace

void format_double(double value, std::string& out) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value < 0 ? "-Infinity" : "Infinity";
    return;
  }
  // PostgreSQL writes an exponent outside these bounds; both forms have the fewest digits that read
  // back.
  constexpr double smallest_fixed = 1e-4;
  constexpr double fixed_limit = 1e15;
  const double magnitude = std::fabs(value);
  const bool is_fixed = magnitude == 0 || (magnitude >= smallest_fixed && magnitude < fixed_limit);
  char text[40];
  char* limit = text + sizeof text;
  out.append(text, is_fixed ? std::to_chars(text, limit, value, std::chars_format::fixed).ptr
                            : write_scientific(value, text, limit));
}

}  // namespace sluice
