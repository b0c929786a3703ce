#include <algorithm>
#include <array>
#include <charconv>

#include "config/option_spec.hpp"

namespace sluice {

namespace {

struct Unit {
  std::string_view name;
  int64_t size;
};

// From large to small.
constexpr Unit durations[] = {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000},
                              {"s", 1'000'000},      {"ms", 1'000},        {"us", 1}};
constexpr Unit sizes[] = {{"TiB", 1LL << 40U},
                          {"GiB", 1LL << 30U},
                          {"MiB", 1LL << 20U},
                          {"KiB", 1LL << 10U},
                          {"TB", 1'000'000'000'000},
                          {"GB", 1'000'000'000},
                          {"MB", 1'000'000},
                          {"kB", 1'000},
                          {"B", 1}};

template <size_t n>
Result<int64_t> parse_quantity(std::string_view text, const Unit (&units)[n],
                               const std::string& expected) {
  const auto malformed = [&] {
    return fail(ErrorCode::invalid_value, expected + ", not \"" + std::string(text) + "\"");
  };
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view name = text.substr(digits);
  const auto* unit = std::find_if(std::begin(units), std::end(units),
                                  [name](const Unit& known) { return known.name == name; });
  if (digits == 0 || unit == std::end(units)) return malformed();
  int64_t number = 0;
  int64_t quantity = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + digits, number);
  if (parsed.ec != std::errc{} || __builtin_mul_overflow(number, unit->size, &quantity)) {
    return malformed();
  }
  return quantity;
}

template <size_t n>
std::string format_quantity(int64_t quantity, const Unit (&units)[n]) {
  const auto* unit = std::find_if(
      std::begin(units), std::end(units),
      [quantity](const Unit& known) { return quantity != 0 && quantity % known.size == 0; });
  if (unit == std::end(units)) unit = std::end(units) - 1;
  return std::to_string(quantity / unit->size) + std::string(unit->name);
}

}  // namespace

Result<int64_t> parse_duration_us(std::string_view text) {
  return parse_quantity(text, durations, "must be a duration such as 500ms, 30s, 10m, 26h or 2d");
}

Result<int64_t> parse_bytes(std::string_view text) {
  return parse_quantity(text, sizes, "must be a size such as 16kB or 512MiB");
}

std::string format_duration(int64_t microseconds) {
  return microseconds == 0 ? "0s" : format_quantity(microseconds, durations);
}

std::string format_bytes(int64_t bytes) { return format_quantity(bytes, sizes); }

bool is_name(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789_";
  constexpr size_t longest = 63;
  return !text.empty() && text.size() <= longest &&
         letters.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace sluice
