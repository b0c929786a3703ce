// Dates and timestamps from text: a fast path for what machines write, PostgreSQL's whole language
// behind it.
#include <limits>

#include "values/text/bad_text.hpp"
#include "values/time/calendar.hpp"
#include "values/time/datetime_decoder.hpp"
#include "values/time/timestamp_range.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The number that `count` digits at `at` make; negative when one of them is none.
int digits_at(const char* at, int count) {
  int value = 0;
  for (int i = 0; i < count; ++i) {
    if (!is_digit(at[i])) return -1;
    value = value * 10 + (at[i] - '0');
  }
  return value;
}

// YYYY-MM-DD; the text has at least 10 characters.
std::optional<int64_t> days_of_iso_date(const char* at) {
  const int year = digits_at(at, 4);
  const int month = digits_at(at + 5, 2);
  const int day = digits_at(at + 8, 2);
  if (at[4] != '-' || at[7] != '-' || year < 1 || month < 1 || month > 12 || day < 1)
    return std::nullopt;
  if (day > days_in_month(year, month)) return std::nullopt;
  return days_of({year, month, day});
}

struct IsoTimestamp {
  int64_t local_us;
  std::optional<int32_t> offset_seconds;
};

// "", "Z", ±HH, ±HHMM, ±HH:MM; false when it is something else.
bool parse_iso_offset(std::string_view text, std::optional<int32_t>& offset_seconds) {
  if (text.empty()) return true;
  if (text == "Z") {
    offset_seconds = 0;
    return true;
  }
  if ((text[0] != '+' && text[0] != '-') ||
      (text.size() != 3 && text.size() != 5 && text.size() != 6)) {
    return false;
  }
  if (text.size() == 6 && text[3] != ':') return false;
  const int hours = digits_at(text.data() + 1, 2);
  const int minutes = text.size() == 3 ? 0 : digits_at(text.data() + text.size() - 2, 2);
  if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return false;
  const int32_t seconds = hours * 3600 + minutes * 60;
  offset_seconds = text[0] == '-' ? -seconds : seconds;
  return true;
}

// YYYY-MM-DD[ T]HH:MM:SS[.ffffff][offset]; nullopt: look closer.
std::optional<IsoTimestamp> parse_iso(std::string_view text) {
  constexpr size_t shortest = 19;
  if (text.size() < shortest) return std::nullopt;
  const char* const at = text.data();
  if ((at[10] != ' ' && at[10] != 'T') || at[13] != ':' || at[16] != ':') return std::nullopt;
  const auto days = days_of_iso_date(at);
  const int hour = digits_at(at + 11, 2);
  const int minute = digits_at(at + 14, 2);
  const int second = digits_at(at + 17, 2);
  if (!days || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  int64_t fraction_us = 0;
  size_t end = shortest;
  if (end < text.size() && at[end] == '.') {
    int64_t unit_us = us_per_second / 10;
    for (++end; end < text.size() && is_digit(at[end]) && unit_us > 0; ++end, unit_us /= 10) {
      fraction_us += (at[end] - '0') * unit_us;
    }
  }
  IsoTimestamp result{*days * us_per_day + hour * us_per_hour + minute * us_per_minute +
                          second * us_per_second + fraction_us,
                      std::nullopt};
  if (!parse_iso_offset(text.substr(end), result.offset_seconds)) return std::nullopt;
  return result;
}

Unexpected fail_decode(DecodeProblem problem, std::string_view type, std::string_view text) {
  switch (problem) {
    case DecodeProblem::field_overflow:
      return fail(ErrorCode::value_out_of_range,
                  "date/time field value out of range: " + quoted_excerpt(text));
    case DecodeProblem::zone_overflow:
      return fail(ErrorCode::value_out_of_range,
                  "time zone displacement out of range: " + quoted_excerpt(text));
    case DecodeProblem::unknown_zone:
      return fail(ErrorCode::invalid_argument, "time zone not recognized: " + quoted_excerpt(text));
    case DecodeProblem::depends_on_clock:
      return fail(ErrorCode::invalid_text,
                  "the meaning of " + quoted_excerpt(text) + " depends on when it is read");
    default:
      return fail_syntax(type, text);
  }
}

Unexpected fail_timestamp_range(std::string_view text) {
  return fail(ErrorCode::value_out_of_range, "timestamp out of range: " + quoted_excerpt(text));
}

// Of the words epoch, infinity and -infinity; T is the representation.
template <class T>
std::optional<T> named_value(DateTimeFields::Kind kind) {
  switch (kind) {
    case DateTimeFields::Kind::civil:
      return std::nullopt;
    case DateTimeFields::Kind::epoch:
      return 0;
    case DateTimeFields::Kind::infinity:
      return std::numeric_limits<T>::max();
    case DateTimeFields::Kind::minus_infinity:
      return std::numeric_limits<T>::min();
  }
  return std::nullopt;
}

// Microseconds of a civil time; nullopt outside the range of timestamps.
std::optional<int64_t> timestamp_of(const DateTimeFields& fields) {
  const int64_t days = days_of({fields.year, fields.month, fields.day});
  const int64_t time_us = fields.hour * us_per_hour + fields.minute * us_per_minute +
                          fields.second * us_per_second + fields.microsecond;
  const Int128 result = static_cast<Int128>(days) * us_per_day + time_us;
  return is_timestamp(result) ? std::optional(static_cast<int64_t>(result)) : std::nullopt;
}

// The instant of a local time in the zone that the text names, or else in `zone`.
std::optional<int64_t> instant_of(const DateTimeFields& fields, int64_t local_us,
                                  const TimeZone& zone) {
  const int64_t instant = fields.offset_seconds
                              ? local_us - *fields.offset_seconds * us_per_second
                              : (fields.zone ? *fields.zone : zone).to_instant(local_us);
  return is_timestamp(instant) ? std::optional(instant) : std::nullopt;
}

}  // namespace

Result<int32_t> parse_date(std::string_view text) {
  if (text.size() == 10) {
    if (const auto days = days_of_iso_date(text.data())) return static_cast<int32_t>(*days);
  }
  DateTimeDecoder decoder;
  if (const auto problem = decoder.decode(text); problem != DecodeProblem::none) {
    return fail_decode(problem, "date", text);
  }
  const DateTimeFields& fields = decoder.fields();
  if (const auto named = named_value<int32_t>(fields.kind)) return *named;
  const int64_t days = days_of({fields.year, fields.month, fields.day});
  if (days < first_date || days > last_date) {
    return fail(ErrorCode::value_out_of_range, "date out of range: " + quoted_excerpt(text));
  }
  return static_cast<int32_t>(days);
}

Result<int64_t> parse_timestamp(std::string_view text) {
  if (const auto iso = parse_iso(text)) return iso->local_us;
  DateTimeDecoder decoder;
  if (const auto problem = decoder.decode(text); problem != DecodeProblem::none) {
    return fail_decode(problem, "timestamp", text);
  }
  const DateTimeFields& fields = decoder.fields();
  if (const auto named = named_value<int64_t>(fields.kind)) return *named;
  const auto result = timestamp_of(fields);
  if (!result) return fail_timestamp_range(text);
  return *result;
}

Result<int64_t> parse_timestamptz(std::string_view text, const TimeZone& zone) {
  if (const auto iso = parse_iso(text)) {
    if (iso->offset_seconds) return iso->local_us - *iso->offset_seconds * us_per_second;
    return zone.to_instant(iso->local_us);
  }
  DateTimeDecoder decoder;
  if (const auto problem = decoder.decode(text); problem != DecodeProblem::none) {
    return fail_decode(problem, "timestamp with time zone", text);
  }
  const DateTimeFields& fields = decoder.fields();
  if (const auto named = named_value<int64_t>(fields.kind)) return *named;
  const auto local = timestamp_of(fields);
  const auto instant = local ? instant_of(fields, *local, zone) : std::nullopt;
  if (!instant) return fail_timestamp_range(text);
  return *instant;
}

}  // namespace sluice
