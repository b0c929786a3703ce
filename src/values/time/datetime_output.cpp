#include "values/time/datetime_output.hpp"

#include <charconv>
#include <cstdlib>

#include "values/text/characters.hpp"
#include "values/text/ordinal_suffix.hpp"
#include "values/time/calendar.hpp"
#include "values/time/week_date.hpp"

namespace sluice {

namespace {

using Field = DateTimeField;
using Group = DateTimeFieldFacts::Group;

int64_t magnitude(int64_t value) { return value < 0 ? -value : value; }

class Writer {
 public:
  Writer(const DateTimeParts& parts, std::string& out) : parts_(parts), out_(out) {}

  Status write(const PatternPart& part) {
    if (part.kind != PatternPart::Kind::field) {
      out_ += part.text;
      return {};
    }
    const DateTimeFieldFacts& facts = facts_of(part.field);
    if (parts_.is_interval && !facts.suits_interval) {
      return fail(ErrorCode::invalid_text, "an interval has no " + part.text + " to format",
                  "Use HH24, MI, SS, DD, MM, YYYY and the like");
    }
    const size_t begin = out_.size();
    write(part, facts.group);
    const bool has_ordinal = part.ordinal != PatternPart::Ordinal::none && out_.size() > begin;
    if (has_ordinal && facts.is_number && facts.group != Group::zone) {
      append_ordinal_suffix(out_, part.ordinal == PatternPart::Ordinal::upper);
    }
    return {};
  }

 private:
  void write(const PatternPart& part, Group group) {
    switch (group) {
      case Group::clock:
        return write_clock(part);
      case Group::zone:
        return write_zone(part);
      case Group::name:
        return write_name(part);
      case Group::calendar:
        return write_calendar(part);
      case Group::none:  // FX
        return;
    }
  }

  void number(int64_t value) {
    char text[24];
    out_.append(text, std::to_chars(text, text + sizeof text, value).ptr);
  }
  // Padded with zeros to a width that counts the minus sign; FM leaves them out.
  void padded(int64_t value, int width, bool is_filled = true) {
    if (value < 0) {
      out_ += '-';
      --width;
    }
    char text[24];
    char* const end = std::to_chars(text, text + sizeof text, magnitude(value)).ptr;
    if (is_filled && end - text < width)
      out_.append(static_cast<size_t>(width - (end - text)), '0');
    out_.append(text, static_cast<size_t>(end - text));
  }
  // To a width apart from the minus sign.
  void padded_size(int64_t value, int width, bool is_filled) {
    padded(value, value < 0 ? width + 1 : width, is_filled);
  }
  void word(std::string_view name, const PatternPart& part, size_t width) {
    const bool is_padded = part.is_filled && !part.is_localized;
    for (const char c : name) {
      out_ += part.letters == LetterCase::upper   ? ascii_upper(c)
              : part.letters == LetterCase::lower ? ascii_lower(c)
                                                  : c;
    }
    if (is_padded && name.size() < width) out_.append(width - name.size(), ' ');
  }
  // One of two words of two letters: "AM", "a.m.".
  void two_letters(std::string_view letters, const PatternPart& part) {
    for (const char letter : letters) {
      out_ += part.letters == LetterCase::lower ? ascii_lower(letter) : letter;
      if (part.has_dots) out_ += '.';
    }
  }

  void write_clock(const PatternPart& part) {
    switch (part.field) {
      case Field::meridiem:
        return two_letters(parts_.hour % 24 >= 12 ? "PM" : "AM", part);
      case Field::hour_24:
        return padded_size(parts_.hour, 2, part.is_filled);
      case Field::hour_12:
        // As wide as a negative hour wants, also where 12 is shown for it.
        return padded(parts_.hour % 12 == 0 ? 12 : parts_.hour % 12, parts_.hour < 0 ? 3 : 2,
                      part.is_filled);
      case Field::minute:
        return padded_size(parts_.minute, 2, part.is_filled);
      case Field::second:
        return padded_size(parts_.second, 2, part.is_filled);
      case Field::second_of_day:
        return number(parts_.hour * 3600 + parts_.minute * 60 + parts_.second);
      case Field::fraction: {
        int shown = parts_.microsecond;
        for (int digits = 6; digits > part.width; --digits) shown /= 10;
        padded(shown, part.width);
        return;
      }
      default:
        return;
    }
  }

  void write_zone(const PatternPart& part) {
    const int32_t offset = parts_.offset_seconds;
    const int32_t size = std::abs(offset);
    switch (part.field) {
      case Field::zone_name:
        for (const char c : parts_.zone_name) {
          out_ += part.letters == LetterCase::lower ? ascii_lower(c) : c;
        }
        return;
      case Field::zone_hours:
        out_ += offset < 0 ? '-' : '+';
        padded(size / 3600, 2);
        return;
      case Field::zone_minutes:
        return padded(size % 3600 / 60, 2);
      case Field::zone_offset:
        out_ += offset < 0 ? '-' : '+';
        padded(size / 3600, 2, part.is_filled);
        if (size % 3600 == 0) return;
        out_ += ':';
        padded(size % 3600 / 60, 2);
        return;
      default:
        return;
    }
  }

  void write_name(const PatternPart& part) {
    constexpr size_t longest_name = 9;
    constexpr size_t longest_roman = 4;
    switch (part.field) {
      case Field::era:
        return two_letters(parts_.year <= 0 ? "BC" : "AD", part);
      case Field::month_name:
        return word(month_names[parts_.month - 1], part, longest_name);
      case Field::month_name_short:
        return word(month_names[parts_.month - 1].substr(0, 3), part, 0);
      case Field::month_roman:
        return write_roman_month(part, longest_roman);
      case Field::day_name:
        return word(day_names[day_of_week(parts_.day_number)], part, longest_name);
      case Field::day_name_short:
        return word(day_names[day_of_week(parts_.day_number)].substr(0, 3), part, 0);
      default:
        return;
    }
  }

  // The months of an interval without any are its years' end.
  void write_roman_month(const PatternPart& part, size_t width) {
    if (parts_.month == 0 && parts_.year == 0) return;
    const int month = parts_.month == 0  ? (parts_.year >= 0 ? 12 : 1)
                      : parts_.month < 0 ? 13 + parts_.month
                                         : parts_.month;
    word(roman_months[month - 1], part, width);
  }

  void write_calendar(const PatternPart& part) {
    switch (part.field) {
      case Field::month:
        return padded_size(parts_.month, 2, part.is_filled);
      case Field::day_of_month:
        return padded(parts_.day, 2, part.is_filled);
      case Field::day_of_year:
        return padded(parts_.day_of_year, 3, part.is_filled);
      case Field::iso_day_of_year:
        return padded(iso_day_of_year_near(parts_.year, parts_.day_number), 3, part.is_filled);
      case Field::day_of_week:
        return number(day_of_week(parts_.day_number) + 1);
      case Field::iso_day_of_week:
        return number(iso_day_of_week(parts_.day_number));
      case Field::week_of_year:
        return padded((parts_.day_of_year - 1) / 7 + 1, 2, part.is_filled);
      case Field::iso_week:
        return padded(iso_week_near(parts_.year, parts_.day_number), 2, part.is_filled);
      case Field::week_of_month:
        return number((parts_.day - 1) / 7 + 1);
      case Field::quarter:
        if (parts_.month != 0) number((parts_.month - 1) / 3 + 1);
        return;
      case Field::julian_day:
        return number(julian_day_of(parts_.day_number));
      case Field::century:
        return write_century(part);
      default:
        return write_year(part);
    }
  }

  void write_century(const PatternPart& part) {
    const int64_t year = parts_.year;
    const int64_t century = parts_.is_interval ? year / 100
                            : year > 0         ? (year - 1) / 100 + 1
                                               : year / 100 - 1;
    padded_size(century, century >= -99 && century <= 99 ? 2 : 0, part.is_filled);
  }

  // Years before Christ are counted from 1, too; the era tells them apart.
  int64_t shown_year(int64_t year) const {
    return parts_.is_interval || year > 0 ? year : 1 - year;
  }
  void write_year(const PatternPart& part) {
    const bool is_iso = part.field == Field::iso_year;
    const int64_t year =
        shown_year(is_iso ? iso_year_near(parts_.year, parts_.day_number) : parts_.year);
    if (part.field == Field::year_with_comma) {
      number(year / 1000);
      out_ += ',';
      return padded(year % 1000, 3);
    }
    constexpr int64_t moduli[] = {1, 10, 100, 1000, INT64_MAX};
    // Of an interval: as wide as its own year wants, whatever the sign of the one shown; but one
    // digit is one digit.
    const bool is_wider = parts_.is_interval && parts_.year < 0 && part.width > 1;
    const int width = is_wider ? part.width + 1 : part.width;
    padded(year % moduli[part.width], width, part.is_filled);
  }

  const DateTimeParts& parts_;
  std::string& out_;
};

// The day that PostgreSQL's formula of Julian days gives the parts of an interval, as if they were
// a date: months may be 0 or negative.
int64_t counted_day(int64_t year, int64_t month, int64_t day) {
  const bool is_after_february = month > 2;
  month += is_after_february ? 1 : 13;
  year += is_after_february ? 4800 : 4799;
  const int64_t century = year / 100;
  const int64_t leap_days = year / 4 - century + century / 4;
  const int64_t julian = year * 365 - 32'167 + leap_days + 7834 * month / 256 + day;
  return julian - julian_day_of(0);
}

}  // namespace

DateTimeParts parts_of_timestamp(int64_t timestamp_us) {
  const CivilTime time = civil_time_of(timestamp_us);
  DateTimeParts parts;
  parts.year = time.date.year;
  parts.month = time.date.month;
  parts.day = time.date.day;
  parts.hour = time.hour;
  parts.minute = time.minute;
  parts.second = time.second;
  parts.microsecond = time.microsecond;
  parts.day_number = floor_divide(timestamp_us, us_per_day);
  parts.day_of_year = day_of_year(parts.day_number, parts.year);
  return parts;
}

DateTimeParts parts_of_timestamptz(int64_t instant_us, const TimeZone& zone) {
  const int32_t offset = zone.offset_seconds_at(instant_us);
  DateTimeParts parts = parts_of_timestamp(zone.to_local(instant_us));
  parts.offset_seconds = offset;
  return parts;
}

DateTimeParts parts_of_interval(const Interval& interval) {
  DateTimeParts parts;
  parts.is_interval = true;
  parts.year = interval.months / 12;
  parts.month = interval.months % 12;
  parts.day = interval.days;
  parts.hour = interval.microseconds / us_per_hour;
  parts.minute = static_cast<int>(interval.microseconds % us_per_hour / us_per_minute);
  parts.second = static_cast<int>(interval.microseconds % us_per_minute / us_per_second);
  parts.microsecond = static_cast<int>(interval.microseconds % us_per_second);
  parts.day_of_year = static_cast<int>(interval.months * days_per_month + interval.days);
  parts.day_number = counted_day(parts.year, parts.month, parts.day);
  return parts;
}

Status format_by(const DateTimePattern& pattern, const DateTimeParts& parts, std::string& out) {
  Writer writer(parts, out);
  for (const PatternPart& part : pattern.parts()) SLUICE_TRY(writer.write(part));
  return {};
}

}  // namespace sluice
