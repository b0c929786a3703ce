#include "sql/sql_text.hpp"

#include <algorithm>
#include <charconv>

namespace sluice {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool continues_name(char c) { return starts_name(c) || is_digit(c) || c == '$'; }
bool is_operator(char c) {
  return std::string_view("+-*/<>=~!@#%^&|`?").find(c) != std::string_view::npos;
}

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

SqlText::SqlText(std::string_view text) : text_(text) {
  if (std::all_of(text.begin(), text.end(), is_ascii)) return;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!is_continuation(text[i])) starts_.push_back(static_cast<uint32_t>(i));
  }
}

size_t SqlText::byte_of(uint32_t position) const {
  if (starts_.empty()) return std::min<size_t>(position, text_.size());
  return position < starts_.size() ? starts_[position] : text_.size();
}

uint32_t SqlText::position_of_byte(size_t byte) const {
  if (starts_.empty()) return static_cast<uint32_t>(std::min(byte, text_.size()));
  if (byte >= text_.size()) return static_cast<uint32_t>(starts_.size());
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), byte);
  return static_cast<uint32_t>(std::max<ptrdiff_t>(after - starts_.begin() - 1, 0));
}

// `offset` is at the opening quote; a doubled quote does not end the token.
size_t SqlText::end_of_quoted(size_t offset) const {
  const char quote = text_[offset];
  for (size_t i = offset + 1; i < text_.size(); ++i) {
    if (text_[i] != quote) continue;
    if (i + 1 < text_.size() && text_[i + 1] == quote) {
      ++i;
      continue;
    }
    return i + 1;
  }
  return text_.size();
}

size_t SqlText::end_of_name(size_t offset) const {
  size_t end = offset;
  while (end < text_.size()) {
    if (text_[end] == '"') {
      end = end_of_quoted(end);
    } else {
      while (end < text_.size() && continues_name(text_[end])) ++end;
    }
    const bool goes_on =
        end + 1 < text_.size() && text_[end] == '.' &&
        (starts_name(text_[end + 1]) || text_[end + 1] == '"' || text_[end + 1] == '*');
    if (!goes_on) break;
    if (text_[end + 1] == '*') return end + 2;
    ++end;
  }
  return end;
}

size_t SqlText::end_of_number(size_t offset) const {
  size_t end = offset;
  while (end < text_.size() && (continues_name(text_[end]) || text_[end] == '.')) ++end;
  return end;
}

// `offset` is at `/*`; comments nest.
size_t SqlText::end_of_comment(size_t offset) const {
  size_t depth = 0;
  for (size_t i = offset; i + 1 < text_.size(); ++i) {
    const std::string_view pair = text_.substr(i, 2);
    if (pair == "/*") {
      ++depth;
      ++i;
    } else if (pair == "*/") {
      ++i;
      if (--depth == 0) return i + 1;
    }
  }
  return text_.size();
}

size_t SqlText::end_of_token(size_t offset) const {
  const char c = text_[offset];
  const char next = offset + 1 < text_.size() ? text_[offset + 1] : '\0';
  if (c == '\'') return end_of_quoted(offset);
  if (next == '\'' && (c == 'E' || c == 'e')) return end_of_quoted(offset + 1);
  if (starts_name(c) || c == '"') return end_of_name(offset);
  if (is_digit(c) || (c == '.' && is_digit(next))) return end_of_number(offset);
  if (c == '-' && is_digit(next)) return end_of_number(offset + 1);
  if (c == ':' && next == ':') return offset + 2;
  if (!is_operator(c)) return offset + 1;
  size_t end = offset;
  while (end < text_.size() && is_operator(text_[end])) ++end;
  return end;
}

std::string_view SqlText::token_at(uint32_t position) const {
  const size_t begin = byte_of(position);
  if (begin >= text_.size()) return {};
  return text_.substr(begin, end_of_token(begin) - begin);
}

uint32_t SqlText::token_length(uint32_t position) const {
  const size_t end = byte_of(position) + token_at(position).size();
  return std::max<uint32_t>(1, position_of_byte(end) - std::min(position, position_of_byte(end)));
}

uint32_t SqlText::token_before(uint32_t position) const {
  size_t end = byte_of(position);
  while (end > 0 && is_space(text_[end - 1])) --end;
  size_t begin = end;
  while (begin > 0 && continues_name(text_[begin - 1])) --begin;
  return begin < end ? position_of_byte(begin) : position;
}

std::optional<int64_t> SqlText::integer_at(uint32_t position) const {
  size_t begin = byte_of(position);
  const bool negative = begin < text_.size() && text_[begin] == '-';
  if (negative) ++begin;
  while (begin < text_.size() && is_space(text_[begin])) ++begin;
  int64_t number = 0;
  const auto result = std::from_chars(text_.data() + begin, text_.data() + text_.size(), number);
  if (result.ec != std::errc{}) return std::nullopt;
  return negative ? -number : number;
}

size_t SqlText::end_of_gap(size_t offset) const {
  if (text_.substr(offset, 2) == "/*") return end_of_comment(offset);
  if (text_.substr(offset, 2) == "--") return std::min(text_.size(), text_.find('\n', offset));
  size_t end = offset;
  while (end < text_.size() && is_space(text_[end])) ++end;
  return end;
}

std::vector<uint32_t> SqlText::token_starts() const {
  std::vector<uint32_t> starts;
  for (size_t i = 0; i < text_.size();) {
    const size_t end = end_of_gap(i);
    if (end == i) starts.push_back(position_of_byte(i));
    i = end == i ? end_of_token(i) : end;
  }
  return starts;
}

std::optional<size_t> SqlText::end_of_brackets(uint32_t position) const {
  size_t depth = 0;
  for (const uint32_t start : token_starts()) {
    if (start < position) continue;
    const size_t byte = byte_of(start);
    if (text_[byte] == '(') ++depth;
    if (text_[byte] == ')' && depth > 0 && --depth == 0) return byte + 1;
  }
  return std::nullopt;
}

std::optional<uint32_t> SqlText::find_hint(uint32_t from) const {
  for (size_t i = byte_of(from); i < text_.size();) {
    const std::string_view rest = text_.substr(i);
    if (rest.substr(0, 3) == "/*+") return position_of_byte(i);
    if (rest.substr(0, 2) == "/*") {
      i = end_of_comment(i);
    } else if (rest.substr(0, 2) == "--") {
      i = std::min(text_.size(), text_.find('\n', i));
    } else if (is_operator(rest[0])) {
      ++i;
    } else {
      i = end_of_token(i);
    }
  }
  return std::nullopt;
}

}  // namespace sluice
