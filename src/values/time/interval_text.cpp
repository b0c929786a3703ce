// Intervals as text: PostgreSQL's own language and IntervalStyle postgres.
#include <charconv>
#include <vector>

#include "values/text/bad_text.hpp"
#include "values/time/calendar.hpp"
#include "values/time/datetime_numbers.hpp"
#include "values/time/datetime_tokens.hpp"
#include "values/time/infinite_interval.hpp"
#include "values/time/interval_builder.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

enum class Outcome : uint8_t { fine, bad_format, out_of_range };

// Reads the words from the last to the first, so that a unit is known before its number.
class IntervalDecoder {
 public:
  Outcome decode(const std::vector<DateTimeToken>& tokens) {
    const bool is_ago = !tokens.empty() && tokens.back().text == "ago";
    has_no_unit_ = is_ago;
    for (size_t i = tokens.size() - (is_ago ? 1 : 0); i-- > 0;) {
      if (const Outcome outcome = decode_token(tokens[i]); outcome != Outcome::fine) return outcome;
    }
    if (units_seen_ == 0 || is_unit_open_) return Outcome::bad_format;
    if (is_ago) builder_.negate();
    return Outcome::fine;
  }
  const IntervalBuilder& builder() const { return builder_; }

 private:
  static constexpr uint32_t time_units = 0b11111;

  Outcome decode_token(const DateTimeToken& token) {
    switch (token.kind) {
      case TokenKind::time:
        return decode_time(token.text, false);
      case TokenKind::zone:
        if (token.text.find(':') != std::string::npos) {
          const Outcome outcome =
              decode_time(std::string_view(token.text).substr(1), token.text[0] == '-');
          if (outcome == Outcome::fine) return outcome;
        }
        return decode_number(token.text);
      case TokenKind::date:
      case TokenKind::number:
        return decode_number(token.text);
      case TokenKind::word:
      case TokenKind::special:
        return decode_word(token.text);
    }
    return Outcome::bad_format;
  }

  Outcome decode_word(std::string_view word) {
    if (is_unit_open_) return Outcome::bad_format;
    unit_ = find_interval_unit(word);
    has_no_unit_ = false;
    is_unit_open_ = true;
    return unit_ ? Outcome::fine : Outcome::bad_format;
  }

  Outcome decode_time(std::string_view text, bool is_negative) {
    const auto clock = parse_clock_time(text);
    if (!clock) return Outcome::bad_format;
    if (clock->hour < 0 || clock->minute < 0 || clock->second < 0) return Outcome::bad_format;
    if (clock->minute > 59 || clock->second > 60) return Outcome::out_of_range;
    if (!claim(time_units)) return Outcome::bad_format;
    const int64_t sign = is_negative ? -1 : 1;
    builder_.add(IntervalUnit::hour, sign * clock->hour, 0);
    builder_.add(IntervalUnit::minute, sign * clock->minute, 0);
    builder_.add(IntervalUnit::second, sign * clock->second, 0);
    builder_.add(IntervalUnit::microsecond, sign * clock->microsecond, 0);
    // A bare number before a time counts days: 1 02:03:04.
    unit_ = IntervalUnit::day;
    has_no_unit_ = false;
    is_unit_open_ = false;
    return Outcome::fine;
  }

  Outcome decode_number(std::string_view text) {
    if (has_no_unit_) return Outcome::bad_format;
    IntervalUnit unit = unit_.value_or(IntervalUnit::second);
    const bool is_negative = text[0] == '-';
    if (text[0] == '+') text.remove_prefix(1);
    int64_t whole = 0;
    const size_t first = is_negative ? 1 : 0;
    if (first < text.size() && is_digit(text[first])) {
      const auto number = take_number(text);
      if (!number) return Outcome::out_of_range;
      whole = *number;
    } else if (text.size() > first && text[first] == '.') {  // a point alone is 0
      text.remove_prefix(first);
    } else {
      return Outcome::bad_format;
    }
    double fraction = 0;
    if (text.starts_with('-')) {
      const Outcome outcome = take_years_and_months(text, is_negative, whole);
      if (outcome != Outcome::fine) return outcome;
      unit = IntervalUnit::month;
      unit_ = unit;
    } else if (text.starts_with('.') && text.size() > 1) {
      const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), fraction);
      if (problem != std::errc{} || end != text.data() + text.size()) return Outcome::bad_format;
      if (is_negative) fraction = -fraction;
    } else if (!text.empty() && text != ".") {
      return Outcome::bad_format;
    }
    return add(unit, whole, fraction);
  }

  // "-8" after the 2 of "2-8": two years and eight months.
  static Outcome take_years_and_months(std::string_view text, bool is_negative, int64_t& whole) {
    text.remove_prefix(1);
    const auto months = text.empty() ? std::optional<int64_t>(0) : take_number(text);
    if (!months || *months < 0 || *months >= months_per_year) return Outcome::out_of_range;
    if (!text.empty()) return Outcome::bad_format;
    if (__builtin_mul_overflow(whole, months_per_year, &whole)) return Outcome::out_of_range;
    whole += is_negative ? -*months : *months;
    return Outcome::fine;
  }

  Outcome add(IntervalUnit unit, int64_t whole, double fraction) {
    uint32_t units = uint32_t{1} << static_cast<uint32_t>(unit);
    // A second with a fraction stands for the smaller units too.
    if (unit == IntervalUnit::second && fraction != 0) units |= 0b111;
    if (!claim(units)) return Outcome::bad_format;
    builder_.add(unit, whole, fraction);
    is_unit_open_ = false;
    if (unit == IntervalUnit::hour) unit_ = IntervalUnit::day;
    return Outcome::fine;
  }

  // False when one of these units was given before.
  bool claim(uint32_t units) {
    const bool is_free = (units_seen_ & units) == 0;
    units_seen_ |= units;
    return is_free;
  }

  IntervalBuilder builder_;
  uint32_t units_seen_ = 0;
  std::optional<IntervalUnit> unit_;  // of the next number; none: seconds
  bool has_no_unit_ = false;          // a number may not stand here
  bool is_unit_open_ = false;         // no number stood before it yet
};

void append_whole(int64_t value, std::string& out) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void append_two(int64_t value, std::string& out) {
  if (value < 10) out += '0';
  append_whole(value, out);
}

// Writes the parts of an interval with PostgreSQL's signs: a positive part after a negative one
// says so.
class IntervalWriter {
 public:
  explicit IntervalWriter(std::string& out) : out_(out) {}

  void add_count(int64_t count, std::string_view unit) {
    if (count == 0) return;
    if (!is_empty_) out_ += ' ';
    if (was_negative_ && count > 0) out_ += '+';
    append_whole(count, out_);
    out_ += ' ';
    out_ += unit;
    if (count != 1) out_ += 's';
    was_negative_ = count < 0;
    is_empty_ = false;
  }

  void add_time(int64_t microseconds) {
    if (microseconds == 0 && !is_empty_) return;
    if (!is_empty_) out_ += ' ';
    if (microseconds < 0) {
      out_ += '-';
    } else if (was_negative_) {
      out_ += '+';
    }
    // Division first: the smallest value has no negative.
    append_two(magnitude(microseconds / us_per_hour), out_);
    out_ += ':';
    append_two(magnitude(microseconds % us_per_hour / us_per_minute), out_);
    out_ += ':';
    append_two(magnitude(microseconds % us_per_minute / us_per_second), out_);
    append_fraction(magnitude(microseconds % us_per_second));
  }

 private:
  static int64_t magnitude(int64_t value) { return value < 0 ? -value : value; }

  void append_fraction(int64_t microsecond) {
    if (microsecond == 0) return;
    out_ += '.';
    for (int64_t power = us_per_second / 10; microsecond > 0; power /= 10) {
      out_ += static_cast<char>('0' + microsecond / power);
      microsecond %= power;
    }
  }

  std::string& out_;
  bool is_empty_ = true;
  bool was_negative_ = false;
};

// "infinity", "+infinity", "-infinity" as the only word.
std::optional<Interval> find_infinity(const std::vector<DateTimeToken>& tokens) {
  if (tokens.size() != 1) return std::nullopt;
  const std::string_view word = tokens.front().text;
  if (word == "infinity" || word == "+infinity") return interval_infinity;
  if (word == "-infinity") return interval_minus_infinity;
  return std::nullopt;
}

}  // namespace

Result<Interval> parse_interval(std::string_view text) {
  IntervalDecoder decoder;
  const auto tokens = cut_datetime(text);
  if (tokens) {
    if (const auto infinite = find_infinity(*tokens)) return *infinite;
  }
  Outcome outcome = tokens ? decoder.decode(*tokens) : Outcome::bad_format;
  std::optional<IntervalBuilder> builder;
  if (outcome == Outcome::fine) builder = decoder.builder();
  if (outcome == Outcome::bad_format) builder = parse_iso_interval(text);
  if (outcome == Outcome::bad_format && !builder) return fail_syntax("interval", text);
  const auto interval = builder ? builder->build() : std::nullopt;
  if (!interval) {
    return fail(ErrorCode::value_out_of_range,
                "interval field value out of range: " + quoted_excerpt(text));
  }
  return *interval;
}

void format_interval(const Interval& value, std::string& out) {
  if (is_infinite(value)) {
    out += value == interval_infinity ? "infinity" : "-infinity";
    return;
  }
  IntervalWriter writer(out);
  writer.add_count(value.months / months_per_year, "year");
  writer.add_count(value.months % months_per_year, "mon");
  writer.add_count(value.days, "day");
  writer.add_time(value.microseconds);
}

}  // namespace sluice
