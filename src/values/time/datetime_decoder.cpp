#include "values/time/datetime_decoder.hpp"

#include <utility>

namespace sluice {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

DecodeProblem DateTimeDecoder::decode(std::string_view text) {
  const auto tokens = cut_datetime(text);
  if (!tokens || tokens->empty()) return DecodeProblem::bad_format;
  for (size_t i = 0; i < tokens->size(); ++i) {
    found_ = no_field;
    if (const auto problem = decode_token((*tokens)[i]); problem != DecodeProblem::none)
      return problem;
    if ((found_ & known_) != 0) return DecodeProblem::bad_format;
    known_ |= found_;
    const bool is_last = i + 1 == tokens->size();
    if (expected_ == WordKind::time_follows) {
      const TokenKind next = is_last ? TokenKind::word : (*tokens)[i + 1].kind;
      if (next != TokenKind::number && next != TokenKind::time && next != TokenKind::date) {
        return DecodeProblem::bad_format;
      }
    }
  }
  if (expected_ != WordKind::unknown) return DecodeProblem::bad_format;
  return fields_.kind == DateTimeFields::Kind::civil ? finish() : DecodeProblem::none;
}

DecodeProblem DateTimeDecoder::decode_token(const DateTimeToken& token) {
  switch (token.kind) {
    case TokenKind::number:
      return decode_number_token(token);
    case TokenKind::date:
      return decode_date_token(token);
    case TokenKind::time:
      if (expected_ == WordKind::julian_follows) return DecodeProblem::bad_format;
      expected_ = WordKind::unknown;
      return decode_time(token.text);
    case TokenKind::zone:
      return decode_offset(token.text);
    case TokenKind::word:
    case TokenKind::special:
      return decode_word_token(token);
  }
  return DecodeProblem::bad_format;
}

DecodeProblem DateTimeDecoder::decode_date_token(const DateTimeToken& token) {
  const bool is_date = expected_ == WordKind::unknown && (known_ & (month | day)) != (month | day);
  if (is_date) return decode_date(token.text);
  if (!is_digit(token.text[0]) && expected_ == WordKind::unknown)
    return decode_zone_name(token.raw);
  // A time without colons and its offset: 040506-08.
  if (expected_ == WordKind::julian_follows || (known_ & time) != 0)
    return DecodeProblem::bad_format;
  expected_ = WordKind::unknown;
  const std::string_view text = token.text;
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos) return DecodeProblem::bad_format;
  if (const auto problem = decode_offset(text.substr(dash)); problem != DecodeProblem::none) {
    return problem;
  }
  return decode_number_field(text.substr(0, dash), known_);
}

DecodeProblem DateTimeDecoder::decode_number_token(const DateTimeToken& token) {
  const WordKind expected = std::exchange(expected_, WordKind::unknown);
  const std::string_view text = token.text;
  if (expected == WordKind::julian_follows) return decode_julian(text);
  if (expected == WordKind::time_follows) return decode_number_field(text, known_ | date);
  const size_t point = text.find('.');
  const bool has_point = point != std::string_view::npos;
  if (has_point && (known_ & date) == 0) return decode_date(text);
  if (has_point && point > 2) return decode_number_field(text, known_);
  if (text.size() >= 6 && ((known_ & date) == 0 || (known_ & time) == 0)) {
    return decode_number_field(text, known_);
  }
  return decode_date_number(text, known_);
}

DecodeProblem DateTimeDecoder::decode_word_token(const DateTimeToken& token) {
  const Word word = find_word(token.text);
  switch (word.kind) {
    case WordKind::unknown: {
      // Only what looks like more than a word is taken for a zone's name.
      const DecodeProblem problem = decode_zone_name(token.raw);
      return problem == DecodeProblem::unknown_zone ? DecodeProblem::bad_format : problem;
    }
    case WordKind::ignored:
      return DecodeProblem::none;
    case WordKind::clock:
      return DecodeProblem::depends_on_clock;
    case WordKind::epoch:
      fields_.kind = DateTimeFields::Kind::epoch;
      found_ = date | time | zone;
      return DecodeProblem::none;
    case WordKind::infinity:
      fields_.kind = DateTimeFields::Kind::infinity;
      found_ = date | time | zone;
      return DecodeProblem::none;
    case WordKind::minus_infinity:
      fields_.kind = DateTimeFields::Kind::minus_infinity;
      found_ = date | time | zone;
      return DecodeProblem::none;
    case WordKind::time_follows:
      if ((known_ & date) != date) return DecodeProblem::bad_format;
      [[fallthrough]];
    case WordKind::julian_follows:
      expected_ = word.kind;
      return DecodeProblem::none;
    default:
      return decode_field_word(word);
  }
}

DecodeProblem DateTimeDecoder::decode_field_word(const Word& word) {
  switch (word.kind) {
    case WordKind::month:
      set_month_name(word.value);
      return DecodeProblem::none;
    case WordKind::weekday:
      found_ = weekday;
      return DecodeProblem::none;
    case WordKind::meridiem:
      found_ = meridiem;
      meridiem_ = word.value;
      return DecodeProblem::none;
    case WordKind::era:
      found_ = era;
      is_before_christ_ = word.value == 1;
      return DecodeProblem::none;
    case WordKind::zone_offset:
      found_ = zone;
      fields_.offset_seconds = word.value;
      return DecodeProblem::none;
    case WordKind::midnight_utc:
      found_ = time | zone;
      fields_.offset_seconds = 0;
      return DecodeProblem::none;
    default:
      return DecodeProblem::bad_format;
  }
}

// A number that was taken for the month was the day: 31 January.
void DateTimeDecoder::set_month_name(int32_t value) {
  const bool has_number_as_month = (known_ & month) != 0 && !has_month_name_ && (known_ & day) == 0;
  if (has_number_as_month && fields_.month >= 1 && fields_.month <= 31) {
    fields_.day = fields_.month;
    found_ = day;
  } else {
    found_ = month;
  }
  has_month_name_ = true;
  fields_.month = value;
}

DecodeProblem DateTimeDecoder::decode_zone_name(std::string_view raw) {
  auto known = TimeZone::find(raw);
  if (!known) return is_digit(raw[0]) ? DecodeProblem::bad_format : DecodeProblem::unknown_zone;
  fields_.zone = std::move(*known);
  found_ = zone;
  return DecodeProblem::none;
}

DecodeProblem DateTimeDecoder::finish() {
  if (const auto problem = finish_date(); problem != DecodeProblem::none) return problem;
  if (const auto problem = finish_time(); problem != DecodeProblem::none) return problem;
  return (known_ & date) == date ? DecodeProblem::none : DecodeProblem::bad_format;
}

DecodeProblem DateTimeDecoder::finish_date() {
  if ((known_ & year) != 0 && !is_julian_) {
    if (is_before_christ_) {
      if (fields_.year <= 0) return DecodeProblem::field_overflow;
      fields_.year = 1 - fields_.year;
    } else if (has_short_year_) {
      constexpr int64_t first_of_last_century = 70;
      fields_.year += fields_.year < first_of_last_century ? 2000 : fields_.year < 100 ? 1900 : 0;
    } else if (fields_.year <= 0) {
      return DecodeProblem::field_overflow;
    }
  }
  if ((known_ & day_of_year) != 0) {
    const CivilDate civil = civil_date_of(days_of({fields_.year, 1, 1}) + day_of_year_ - 1);
    fields_.year = civil.year;
    fields_.month = civil.month;
    fields_.day = civil.day;
  }
  // A month or day out of range is told before the rest of the date is missed.
  constexpr int longest_month = 31;
  const bool bad_month = (known_ & month) != 0 && (fields_.month < 1 || fields_.month > 12);
  const bool bad_day = (known_ & day) != 0 && (fields_.day < 1 || fields_.day > longest_month);
  if (bad_month || bad_day) return DecodeProblem::field_overflow;
  if ((known_ & date) != date) return DecodeProblem::none;
  return fields_.day <= days_in_month(fields_.year, fields_.month) ? DecodeProblem::none
                                                                   : DecodeProblem::field_overflow;
}

DecodeProblem DateTimeDecoder::finish_time() {
  if (!meridiem_) return DecodeProblem::none;
  constexpr int noon = 12;
  if (fields_.hour > noon) return DecodeProblem::field_overflow;
  if (fields_.hour == noon) fields_.hour = 0;
  if (*meridiem_ == 1) fields_.hour += noon;
  return DecodeProblem::none;
}

}  // namespace sluice
