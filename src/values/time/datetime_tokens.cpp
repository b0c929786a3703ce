#include "values/time/datetime_tokens.hpp"

namespace sluice {

namespace {

constexpr size_t longest_text = 128;
constexpr size_t most_tokens = 25;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alpha(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_alnum(char c) { return is_digit(c) || is_alpha(c); }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_punctuation(char c) { return c > ' ' && c < 0x7f && !is_alnum(c); }

class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) {}

  bool at_end() const { return position_ == text_.size(); }

  // Moves past blanks and stray punctuation to the next token; false at a character that belongs to
  // none.
  bool skip_to_token() {
    while (!at_end()) {
      const char c = peek();
      if (is_alnum(c) || c == '+' || c == '-' || c == '.') return true;
      if (!is_space(c) && !is_punctuation(c)) return false;
      ++position_;
    }
    return true;
  }

  std::optional<DateTimeToken> take() {
    start_ = position_;
    const char c = peek();
    if (is_digit(c)) return finish(take_digits_first());
    if (c == '.') return finish(take_fraction());
    if (is_alpha(c)) return finish(take_word());
    return take_signed();
  }

 private:
  char peek(size_t ahead = 0) const {
    return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
  }

  template <class Predicate>
  void skip_while(Predicate predicate) {
    while (!at_end() && predicate(peek())) ++position_;
  }

  TokenKind take_digits_first() {
    skip_while(is_digit);
    const char delimiter = peek();
    if (delimiter == ':') {
      skip_while([](char c) { return is_digit(c) || c == ':' || c == '.'; });
      return TokenKind::time;
    }
    if (delimiter != '-' && delimiter != '/' && delimiter != '.') return TokenKind::number;
    ++position_;
    if (!is_digit(peek())) {
      skip_while([&](char c) { return is_alnum(c) || c == delimiter; });
      return TokenKind::date;
    }
    skip_while(is_digit);
    if (peek() != delimiter) return delimiter == '.' ? TokenKind::number : TokenKind::date;
    skip_while([&](char c) { return is_digit(c) || c == delimiter; });
    return TokenKind::date;
  }

  TokenKind take_fraction() {
    ++position_;
    skip_while(is_digit);
    return TokenKind::number;
  }

  // A word may go on as a date (jan-31-2024) or as the name of a zone (america/new_york,
  // etc/gmt+5).
  TokenKind take_word() {
    skip_while(is_alpha);
    const char next = peek();
    bool goes_on = next == '-' || next == '/' || next == '.';
    if (next == '+' || is_digit(next)) {
      // An abbreviation may begin the name of a zone: pst8pdt.
      const WordKind kind = find_word(lower(text_.substr(start_, position_ - start_))).kind;
      goes_on = kind == WordKind::unknown || kind == WordKind::zone_offset;
    }
    if (!goes_on) return TokenKind::word;
    skip_while([](char c) {
      return is_alnum(c) || c == '+' || c == '-' || c == '/' || c == '_' || c == '.' || c == ':';
    });
    return TokenKind::date;
  }

  std::optional<DateTimeToken> take_signed() {
    const char sign = peek();
    ++position_;
    skip_while(is_space);
    start_ = position_;
    TokenKind kind{};
    if (is_digit(peek())) {
      skip_while([](char c) { return is_digit(c) || c == ':' || c == '.' || c == '-'; });
      kind = TokenKind::zone;
    } else if (is_alpha(peek())) {
      skip_while(is_alpha);
      kind = TokenKind::special;
    } else {
      return std::nullopt;
    }
    DateTimeToken token = finish(kind);
    token.text.insert(token.text.begin(), sign);
    return token;
  }

  static std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
  }

  DateTimeToken finish(TokenKind kind) const {
    const std::string_view raw = text_.substr(start_, position_ - start_);
    return {kind, lower(raw), raw};
  }

  std::string_view text_;
  size_t position_ = 0;
  size_t start_ = 0;
};

}  // namespace

std::optional<std::vector<DateTimeToken>> cut_datetime(std::string_view text) {
  const size_t last = text.find_last_not_of(' ');
  if (last != std::string_view::npos) text = text.substr(0, last + 1);
  if (text.size() > longest_text) return std::nullopt;
  std::vector<DateTimeToken> tokens;
  Cutter cutter(text);
  while (true) {
    if (!cutter.skip_to_token()) return std::nullopt;
    if (cutter.at_end()) return tokens;
    auto token = cutter.take();
    if (!token || tokens.size() == most_tokens) return std::nullopt;
    tokens.push_back(std::move(*token));
  }
}

}  // namespace sluice
