#include "formats/json_tokens.hpp"

namespace sluice {

namespace {

// Whether all eight bytes are digits.
bool are_digits(uint64_t bytes) {
  constexpr uint64_t high = 0xF0F0F0F0F0F0F0F0;
  constexpr uint64_t six = 0x0606060606060606;
  return (bytes & high) == 0x3030303030303030 && ((bytes + six) & high) == 0x3030303030303030;
}

// Their value; the first byte in memory is the most significant digit.
uint64_t eight_digits(uint64_t bytes) {
  bytes -= 0x3030303030303030;
  bytes = bytes * 10 + (bytes >> 8);
  constexpr uint64_t mask = 0x000000FF000000FF;
  constexpr uint64_t to_millions = 100 + (1'000'000ULL << 32);
  constexpr uint64_t to_ones = 1 + (10'000ULL << 32);
  return ((bytes & mask) * to_millions + ((bytes >> 16) & mask) * to_ones) >> 32;
}

}  // namespace

std::string_view container_at(const char* start, const char* end) {
  size_t depth = 0;
  bool is_in_string = false;
  for (const char* at = start; at < end; ++at) {
    if (is_in_string) {
      if (*at == '\\') {
        ++at;
      } else if (*at == '"') {
        is_in_string = false;
      }
    } else if (*at == '"') {
      is_in_string = true;
    } else if (*at == '{' || *at == '[') {
      ++depth;
    } else if ((*at == '}' || *at == ']') && --depth == 0) {
      return {start, static_cast<size_t>(at + 1 - start)};
    }
  }
  return {start, static_cast<size_t>(end - start)};
}

std::string_view text_of_token(std::string_view token, const char* end) {
  if (token.front() == '"') return token.substr(1, token.size() - 2);
  return token.front() == '[' ? container_at(token.data(), end) : token;
}

bool is_closed_object(std::string_view document) {
  const size_t start = document.find('{');
  if (start == std::string_view::npos) return false;
  const char* end = document.data() + document.size();
  return container_at(document.data() + start, end).end() != end;
}

bool is_json_number(std::string_view token) {
  size_t at = 0;
  const auto take_digits = [&] {
    const size_t start = at;
    while (at < token.size() && token[at] >= '0' && token[at] <= '9') ++at;
    return at - start;
  };
  if (at < token.size() && token[at] == '-') ++at;
  const size_t first = at;
  const size_t digits = take_digits();
  if (digits == 0 || (digits > 1 && token[first] == '0')) return false;
  if (at < token.size() && token[at] == '.') {
    ++at;
    if (take_digits() == 0) return false;
  }
  if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
    ++at;
    if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
    if (take_digits() == 0) return false;
  }
  return at == token.size();
}

bool parse_whole_number(std::string_view text, int64_t& value) {
  constexpr size_t most_digits = 18;
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  if (text.empty() || text.size() > most_digits) return false;
  if (text.front() == '0' && text.size() > 1) return false;
  uint64_t sum = 0;
  while (text.size() >= 8) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, text.data(), sizeof(bytes));
    if (!are_digits(bytes)) return false;
    sum = sum * 100'000'000 + eight_digits(bytes);
    text.remove_prefix(8);
  }
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return false;
    sum = sum * 10 + static_cast<uint64_t>(digit - '0');
  }
  value = is_negative ? -static_cast<int64_t>(sum) : static_cast<int64_t>(sum);
  return true;
}

}  // namespace sluice
