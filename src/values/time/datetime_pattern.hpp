// DateTimePattern: the format of to_char, to_timestamp and to_date cut into its parts, as
// PostgreSQL cuts it. Made once per format text, then read only; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

enum class DateTimeField : uint8_t {
  era,
  meridiem,
  century,
  day_name,
  day_name_short,
  day_of_year,
  day_of_month,
  day_of_week,
  fraction,
  hour_24,
  hour_12,
  iso_day_of_year,
  iso_day_of_week,
  iso_week,
  iso_year,
  julian_day,
  minute,
  month,
  month_name,
  month_name_short,
  month_roman,
  zone_offset,
  quarter,
  second_of_day,
  second,
  zone_hours,
  zone_minutes,
  zone_name,
  week_of_year,
  week_of_month,
  year_with_comma,
  year,
  exact,  // FX: to_timestamp only
};

// Whose dates a field is of: those of the Gregorian calendar and of its ISO weeks do not mix in a
// text that is read.
enum class DateCalendar : uint8_t { undecided, gregorian, iso_week };

// What is so of a field however it is read or written.
struct DateTimeFieldFacts {
  enum class Group : uint8_t { clock, zone, name, calendar, none };

  Group group = Group::none;
  DateCalendar calendar = DateCalendar::undecided;
  bool is_number = true;       // its text; else words, or a sign before the digits
  bool suits_interval = true;  // an interval has it, too
};
const DateTimeFieldFacts& facts_of(DateTimeField field);

enum class LetterCase : uint8_t { upper, title, lower };

struct PatternPart {
  enum class Kind : uint8_t { field, character, separator, space };
  enum class Ordinal : uint8_t { none, upper, lower };

  Kind kind = Kind::character;
  DateTimeField field = DateTimeField::era;
  LetterCase letters = LetterCase::upper;
  uint8_t width = 0;          // digits of years and fractions
  bool has_dots = false;      // A.M., B.C.
  bool is_filled = true;      // false: FM
  bool is_localized = false;  // TM
  Ordinal ordinal = Ordinal::none;
  std::string text;  // of a character, in UTF-8; of a field, as it is written in the format
};

class DateTimePattern {
 public:
  static DateTimePattern parse(std::string_view format);
  const std::vector<PatternPart>& parts() const { return parts_; }

 private:
  std::vector<PatternPart> parts_;
};

// Names in title case; month from 1, day of the week from 0 = Sunday.
extern const std::string_view month_names[12];
extern const std::string_view day_names[7];
extern const std::string_view roman_months[12];

}  // namespace sluice
