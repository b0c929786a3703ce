#include "values/number/number_pattern.hpp"

#include "values/text/characters.hpp"

namespace sluice {

namespace {

using Kind = NumberItemKind;

struct Keyword {
  std::string_view text;  // in upper case; may be written in lower case, too
  Kind kind;
};

// Of several that fit, the first counts.
constexpr Keyword keywords[] = {
    {",", Kind::comma},    {".", Kind::point},         {"0", Kind::zero},
    {"9", Kind::digit},    {"B", Kind::blank},         {"C", Kind::ignored},
    {"D", Kind::point},    {"EEEE", Kind::scientific}, {"FM", Kind::compact},
    {"G", Kind::comma},    {"L", Kind::currency},      {"MI", Kind::minus},
    {"PL", Kind::plus},    {"PR", Kind::brackets},     {"RN", Kind::roman},
    {"SG", Kind::sign},    {"SP", Kind::ignored},      {"S", Kind::sign_place},
    {"TH", Kind::ordinal}, {"V", Kind::shift},
};

bool is_written(std::string_view text, std::string_view keyword, bool in_lower_case) {
  if (text.size() < keyword.size()) return false;
  for (size_t i = 0; i < keyword.size(); ++i) {
    if (text[i] != (in_lower_case ? ascii_lower(keyword[i]) : keyword[i])) return false;
  }
  return true;
}

Unexpected conflict(const std::string& message) {
  return fail(ErrorCode::invalid_argument, "number format: " + message);
}

}  // namespace

class NumberPatternParser {
 public:
  NumberPatternParser(std::string_view format, NumberPattern& pattern)
      : rest_(format), pattern_(pattern) {}

  Status parse() {
    while (!rest_.empty()) {
      SLUICE_ASSIGN(const bool is_keyword, take_keyword());
      if (is_keyword) continue;
      if (rest_.front() == '"') {
        take_quoted();
      } else {
        // Outside of quotes a backslash counts only before one.
        if (rest_.starts_with("\\\"")) rest_.remove_prefix(1);
        take_character();
      }
    }
    const bool is_mixed = pattern_.digits_before + pattern_.digits_behind > 0 ||
                          pattern_.has_point || pattern_.is_shifted || pattern_.has_minus ||
                          pattern_.has_plus || pattern_.has_brackets || has_sign_place();
    if (pattern_.is_roman && is_mixed) return conflict("RN goes with FM only");
    return {};
  }

 private:
  Result<bool> take_keyword() {
    for (const Keyword& keyword : keywords) {
      const bool is_upper = is_written(rest_, keyword.text, false);
      if (!is_upper && !is_written(rest_, keyword.text, true)) continue;
      rest_.remove_prefix(keyword.text.size());
      SLUICE_TRY(note(keyword.kind));
      pattern_.items_.push_back({keyword.kind, !is_upper, {}});
      return true;
    }
    return false;
  }

  void take_character() {
    const std::string_view character = first_character(rest_);
    pattern_.items_.push_back({Kind::literal, false, std::string(character)});
    rest_.remove_prefix(character.size());
  }

  void take_quoted() {
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
      if (rest_.front() == '"') {
        rest_.remove_prefix(1);
        return;
      }
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      take_character();
    }
  }

  Status note(Kind kind) {
    if (pattern_.is_scientific && kind != Kind::scientific) {
      return conflict("EEEE must come last");
    }
    switch (kind) {
      case Kind::digit:
      case Kind::zero:
        return note_digit(kind == Kind::zero);
      case Kind::point:
        return note_point();
      case Kind::blank:
        if (pattern_.digits_before == 0 && pattern_.digits_behind == 0 && !pattern_.has_zero) {
          pattern_.is_blank_when_zero = true;
        }
        return {};
      case Kind::compact:
        pattern_.is_compact = true;
        return {};
      case Kind::roman:
        pattern_.is_roman = true;
        return {};
      case Kind::shift:
        if (pattern_.has_point) return conflict("V and a decimal point cannot be used together");
        pattern_.is_shifted = true;
        return {};
      case Kind::scientific:
        return note_scientific();
      default:
        return note_sign(kind);
    }
  }

  Status note_digit(bool is_zero) {
    NumberPattern& it = pattern_;
    if (it.has_brackets) return conflict("digits must come before PR");
    if (!is_zero && it.is_shifted) {
      ++it.shift;
      return {};
    }
    if (is_zero && !it.has_zero && !it.has_point) {
      it.has_zero = true;
      it.zero_start = it.digits_before + 1;
    }
    ++(it.has_point ? it.digits_behind : it.digits_before);
    if (is_zero) it.zero_end = it.digits_before + it.digits_behind;
    return {};
  }

  Status note_point() {
    if (pattern_.has_point) return conflict("more than one decimal point");
    if (pattern_.is_shifted) return conflict("V and a decimal point cannot be used together");
    pattern_.has_point = true;
    return {};
  }

  Status note_scientific() {
    const NumberPattern& it = pattern_;
    if (it.is_scientific) return conflict("EEEE stands twice");
    if (it.is_blank_when_zero || it.is_compact || has_sign_place() || it.has_brackets ||
        it.has_minus || it.has_plus || it.is_roman || it.is_shifted) {
      return conflict("EEEE goes with digits and a decimal point only");
    }
    pattern_.is_scientific = true;
    return {};
  }

  Status note_sign(Kind kind) {
    NumberPattern& it = pattern_;
    const bool has_other = it.has_plus || it.has_minus || it.has_brackets;
    switch (kind) {
      case Kind::sign_place:
        if (has_sign_place()) return conflict("S stands twice");
        if (has_other) return conflict("S cannot be used together with PL, MI, SG or PR");
        it.sign_place =
            it.has_point ? NumberPattern::SignPlace::behind : NumberPattern::SignPlace::before;
        it.digits_before_sign = it.digits_before;
        return {};
      case Kind::brackets:
        if (has_sign_place() || it.has_plus || it.has_minus) {
          return conflict("PR cannot be used together with S, PL, MI or SG");
        }
        it.has_brackets = true;
        return {};
      case Kind::minus:
      case Kind::plus:
      case Kind::sign:
        if (has_sign_place()) return conflict("S cannot be used together with PL, MI or SG");
        it.has_minus = it.has_minus || kind != Kind::plus;
        it.has_plus = it.has_plus || kind != Kind::minus;
        return {};
      default:
        return {};
    }
  }

  bool has_sign_place() const { return pattern_.sign_place != NumberPattern::SignPlace::none; }

  std::string_view rest_;
  NumberPattern& pattern_;
};

Result<NumberPattern> NumberPattern::parse(std::string_view format) {
  NumberPattern pattern;
  SLUICE_TRY(NumberPatternParser(format, pattern).parse());
  return pattern;
}

}  // namespace sluice
