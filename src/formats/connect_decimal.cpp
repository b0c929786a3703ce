#include "formats/connect_decimal.hpp"

#include <algorithm>
#include <optional>

#include "values/number/numeric.hpp"
#include "values/text/bad_text.hpp"

namespace sluice {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The bytes as one number; nothing where they are none, or more than fit.
std::optional<Int128> number_of(std::string_view base64) {
  constexpr size_t most_bytes = 16;
  if (base64.empty() || base64.size() % 4 != 0) return std::nullopt;
  const size_t padding = base64.ends_with("==") ? 2 : base64.ends_with('=') ? 1 : 0;
  const size_t bytes = base64.size() / 4 * 3 - padding;
  if (bytes > most_bytes) return std::nullopt;
  base64.remove_suffix(padding);
  unsigned __int128 number = 0;
  size_t bits = 0;
  for (const char digit : base64) {
    const size_t value = alphabet.find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    const size_t taken = std::min<size_t>(6, bytes * 8 - bits);  // the last digit has bits to spare
    number = (number << taken) | (value >> (6 - taken));
    bits += taken;
  }
  const bool is_negative = ((number >> (bits - 1)) & 1) != 0;
  if (is_negative && bits < 128) number |= ~static_cast<unsigned __int128>(0) << bits;
  return static_cast<Int128>(number);
}

std::string digits_of(unsigned __int128 number) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(number % 10)));
    number /= 10;
  } while (number != 0);
  return digits;
}

}  // namespace

Status append_connect_decimal(std::string_view base64, int scale, std::string& out) {
  constexpr int most_digits = Numeric::max_digits;
  const auto refuse = [&] {
    return fail(ErrorCode::column_invalid,
                "not the bytes of a decimal of up to 38 digits: " + quoted_excerpt(base64));
  };
  const std::optional<Int128> number = number_of(base64);
  if (!number || scale > most_digits || scale < -most_digits) return refuse();
  const auto bits = static_cast<unsigned __int128>(*number);
  std::string digits = digits_of(*number < 0 ? 0 - bits : bits);
  if (digits.size() > static_cast<size_t>(most_digits)) return refuse();
  if (scale < 0) digits.append(static_cast<size_t>(-scale), '0');
  if (scale > 0) {
    const auto places = static_cast<size_t>(scale);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  if (*number < 0) out += '-';
  out += digits;
  return {};
}

}  // namespace sluice
