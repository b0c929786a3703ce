// Dates and timestamps as text: DateStyle ISO.
#include <charconv>

#include "values/time/calendar.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

// Room for the longest form: year of 7 digits, fraction, offset with seconds, " BC".
constexpr size_t longest_text = 64;

char* write_two(int value, char* out) {
  *out++ = static_cast<char>('0' + value / 10);
  *out++ = static_cast<char>('0' + value % 10);
  return out;
}

char* write_year(int64_t year, char* out) {
  const int64_t shown = year > 0 ? year : 1 - year;
  if (shown >= 10'000) return std::to_chars(out, out + 20, shown).ptr;
  out = write_two(static_cast<int>(shown / 100), out);
  return write_two(static_cast<int>(shown % 100), out);
}

char* write_date(const CivilDate& date, char* out) {
  out = write_year(date.year, out);
  *out++ = '-';
  out = write_two(date.month, out);
  *out++ = '-';
  return write_two(date.day, out);
}

// ".5", without trailing zeros; nothing for 0.
char* write_fraction(int microsecond, char* out) {
  if (microsecond == 0) return out;
  *out++ = '.';
  for (int power = 100'000; microsecond > 0; power /= 10) {
    *out++ = static_cast<char>('0' + microsecond / power);
    microsecond %= power;
  }
  return out;
}

char* write_timestamp(const CivilTime& time, char* out) {
  out = write_date(time.date, out);
  *out++ = ' ';
  out = write_two(time.hour, out);
  *out++ = ':';
  out = write_two(time.minute, out);
  *out++ = ':';
  out = write_two(time.second, out);
  return write_fraction(time.microsecond, out);
}

// "+08", "-03:30", "+08:05:43".
char* write_offset(int32_t offset_seconds, char* out) {
  *out++ = offset_seconds < 0 ? '-' : '+';
  const int32_t magnitude = offset_seconds < 0 ? -offset_seconds : offset_seconds;
  out = write_two(magnitude / 3600, out);
  if (magnitude % 3600 == 0) return out;
  *out++ = ':';
  out = write_two(magnitude / 60 % 60, out);
  if (magnitude % 60 == 0) return out;
  *out++ = ':';
  return write_two(magnitude % 60, out);
}

char* write_era(int64_t year, char* out) {
  if (year > 0) return out;
  *out++ = ' ';
  *out++ = 'B';
  *out++ = 'C';
  return out;
}

template <class T>
bool append_infinity(T value, T infinity, T minus_infinity, std::string& out) {
  if (value == infinity) {
    out += "infinity";
    return true;
  }
  if (value == minus_infinity) {
    out += "-infinity";
    return true;
  }
  return false;
}

}  // namespace

void format_date(int32_t days, std::string& out) {
  if (append_infinity(days, date_infinity, date_minus_infinity, out)) return;
  const CivilDate date = civil_date_of(days);
  char text[longest_text];
  out.append(text, write_era(date.year, write_date(date, text)));
}

void format_timestamp(int64_t microseconds, std::string& out) {
  if (append_infinity(microseconds, timestamp_infinity, timestamp_minus_infinity, out)) return;
  const CivilTime time = civil_time_of(microseconds);
  char text[longest_text];
  out.append(text, write_era(time.date.year, write_timestamp(time, text)));
}

void format_timestamptz(int64_t microseconds, const TimeZone& zone, std::string& out) {
  if (append_infinity(microseconds, timestamp_infinity, timestamp_minus_infinity, out)) return;
  const int32_t offset = zone.offset_seconds_at(microseconds);
  const CivilTime time = civil_time_of(microseconds + offset * us_per_second);
  char text[longest_text];
  char* end = write_offset(offset, write_timestamp(time, text));
  out.append(text, write_era(time.date.year, end));
}

}  // namespace sluice
