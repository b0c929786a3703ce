#include "values/number/number_input.hpp"

#include <string>

#include "values/number/numeric_arithmetic.hpp"
#include "values/number/numeric_power.hpp"
#include "values/text/characters.hpp"

namespace sluice {

namespace {

using Kind = NumberItemKind;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_sign(char c) { return c == '-' || c == '+'; }
bool is_data(char c) { return is_digit(c) || is_sign(c) || c == '.' || c == ','; }

// Walks through the format and the text side by side, as leniently as PostgreSQL: commas may be
// missing, and a character of the format stands for any one of the text.
class NumberReader {
 public:
  NumberReader(const NumberPattern& pattern, std::string_view text)
      : pattern_(pattern), text_(text) {}

  void read() {
    for (const NumberItem& item : pattern_.items()) {
      if (is_at_end()) return;
      read_item(item);
    }
  }
  std::string number() const {
    const bool ends_with_point = digits_.ends_with('.');
    return sign_ + digits_.substr(0, digits_.size() - (ends_with_point ? 1 : 0));
  }
  int digits_before() const { return digits_before_; }

 private:
  using SignPlace = NumberPattern::SignPlace;

  bool is_at_end() const { return at_ >= text_.size(); }
  char current() const { return text_[at_]; }
  void skip_character() { at_ += character_length(current()); }
  bool has_digits() const { return digits_before_ + digits_behind_ > 0; }
  bool has_sign() const { return sign_ != " "; }

  void read_item(const NumberItem& item) {
    switch (item.kind) {
      case Kind::digit:
      case Kind::zero:
      case Kind::point:
        read_place(item.kind != Kind::point);
        ++at_;
        return;
      case Kind::comma:
        if (!pattern_.is_compact && current() == ',') ++at_;
        return;
      case Kind::currency:
        return skip_unless_data(1);
      case Kind::ordinal:
        if (!pattern_.has_point) skip_unless_data(2);
        return;
      case Kind::minus:
        return read_sign(current() == '-');
      case Kind::plus:
        return read_sign(current() == '+');
      case Kind::sign:
        return read_sign(is_sign(current()));
      case Kind::literal:
        return skip_character();
      default:
        return;
    }
  }

  void read_sign(bool is_there) {
    if (!is_there) return skip_unless_data(1);
    sign_ = current();
    ++at_;
  }

  void skip_unless_data(int count) {
    for (; count > 0 && !is_at_end() && !is_data(current()); --count) skip_character();
  }

  // Leaves the place on the last character that was read.
  void read_place(bool is_digit_place) {
    if (current() == ' ') ++at_;
    if (is_at_end()) return;
    if (!has_sign() && is_digit_place && !has_digits()) read_sign_before();
    if (is_at_end()) return;
    if (is_digit(current()) && has_point_ && digits_behind_ == pattern_.digits_behind) return;
    const bool is_read = read_digit_or_point();
    if (!has_sign() && has_digits()) read_sign_behind(is_read);
  }

  void read_sign_before() {
    const char c = current();
    const bool is_before = pattern_.sign_place == SignPlace::before;
    const bool is_bracket = !is_before && pattern_.has_brackets && c == '<';
    if (!is_sign(c) && !is_bracket) return;
    sign_ = c == '+' ? '+' : '-';
    ++at_;
  }

  bool read_digit_or_point() {
    if (is_digit(current())) {
      digits_ += current();
      ++(has_point_ ? digits_behind_ : digits_before_);
      return true;
    }
    if (!pattern_.has_point || has_point_ || current() != '.') return false;
    digits_ += '.';
    has_point_ = true;
    return true;
  }

  void read_sign_behind(bool is_read) {
    if (pattern_.sign_place != SignPlace::none) {
      const bool has_next = at_ + 1 < text_.size();
      if (!is_read || !has_next || !is_sign(text_[at_ + 1])) return;
      ++at_;
      sign_ = current();
    } else if (!is_read && (pattern_.has_plus || pattern_.has_minus) && is_sign(current())) {
      sign_ = current();
    }
  }

  const NumberPattern& pattern_;
  std::string_view text_;
  size_t at_ = 0;
  std::string sign_ = " ";
  std::string digits_;
  bool has_point_ = false;
  int digits_before_ = 0;
  int digits_behind_ = 0;
};

// Digits before the point without zeros in front.
int whole_digits(const Numeric& value) {
  const auto whole = truncate_to(absolute(value), 0);
  if (!whole || whole->coefficient() == 0) return 0;
  return static_cast<int>(whole->to_string().size());
}

}  // namespace

Result<Numeric> parse_by(const NumberPattern& pattern, std::string_view text) {
  if (pattern.is_scientific || pattern.is_roman) {
    return fail(ErrorCode::invalid_argument, "EEEE and RN are formats of to_char only");
  }
  NumberReader reader(pattern, text);
  reader.read();
  SLUICE_ASSIGN(const Numeric value, Numeric::parse(reader.number()));
  if (whole_digits(value) > pattern.digits_before + pattern.shift) {
    return fail(ErrorCode::value_out_of_range, "numeric field overflow",
                "the number has more digits before the point than the format");
  }
  if (!pattern.is_shifted) return value;
  SLUICE_ASSIGN(const Numeric factor, power(Numeric(10, 0), Numeric(-pattern.shift, 0)));
  return multiply(value, factor);
}

}  // namespace sluice
