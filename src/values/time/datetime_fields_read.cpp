#include "values/time/datetime_fields_read.hpp"

#include <algorithm>

#include "values/text/characters.hpp"
#include "values/time/datetime_cursor.hpp"
#include "values/time/datetime_tokens.hpp"

namespace sluice {

namespace {

using Field = DateTimeField;
using Group = DateTimeFieldFacts::Group;

constexpr std::string_view meridiems[] = {"am", "pm"};
constexpr std::string_view dotted_meridiems[] = {"a.m.", "p.m."};
constexpr std::string_view eras[] = {"ad", "bc"};
constexpr std::string_view dotted_eras[] = {"a.d.", "b.c."};
constexpr size_t whole_word = std::string_view::npos;
constexpr size_t abbreviated = 3;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A year of fewer than four digits is the one nearest to 2020.
int32_t completed_year(int32_t year) {
  if (year < 70) return year + 2000;
  if (year < 100) return year + 1900;
  if (year < 520) return year + 2000;
  if (year < 1000) return year + 1000;
  return year;
}

class FieldsReader {
 public:
  FieldsReader(const std::vector<PatternPart>& parts, std::string_view text)
      : parts_(parts), cursor_(text) {}

  Result<ReadFields> read() {
    for (size_t i = 0; i < parts_.size() && !cursor_.is_at_end(); ++i) {
      const PatternPart& part = parts_[i];
      const bool is_field = part.kind == PatternPart::Kind::field;
      const bool is_exact = is_field && part.field == Field::exact;
      if (!is_exact_ && !is_exact && (is_field || i == 0)) cursor_.skip_spaces();
      if (!is_field) {
        cursor_.skip_for(part, is_exact_);
        continue;
      }
      SLUICE_TRY(set_calendar(facts_of(part.field).calendar));
      is_open_ = ends_by_itself(i);
      SLUICE_TRY(read_field(part));
      if (is_exact_) continue;
      cursor_.forget_skipped();
      cursor_.skip_spaces();
    }
    return fields_;
  }

 private:
  Status set_calendar(DateCalendar calendar) {
    if (calendar == DateCalendar::undecided) return {};
    if (fields_.calendar == DateCalendar::undecided) fields_.calendar = calendar;
    if (fields_.calendar == calendar) return {};
    return fail(ErrorCode::invalid_text, "invalid combination of date conventions",
                "do not mix Gregorian and ISO week fields in a format");
  }

  // Whether a number of this field goes on as far as there are digits, rather than by its width.
  bool ends_by_itself(size_t index) const {
    const PatternPart& part = parts_[index];
    if (!part.is_filled || part.ordinal != PatternPart::Ordinal::none) return true;
    if (index + 1 == parts_.size()) return true;
    const PatternPart& next = parts_[index + 1];
    if (next.kind == PatternPart::Kind::field) return !facts_of(next.field).is_number;
    return !(next.text.size() == 1 && next.text.front() >= '0' && next.text.front() <= '9');
  }

  static Status set(int32_t& target, int32_t value, const PatternPart& part) {
    if (target != 0 && target != value) {
      return fail(ErrorCode::invalid_text,
                  "conflicting values for \"" + part.text + "\" in the text");
    }
    target = value;
    return {};
  }

  // The characters it took.
  Result<int> read_number(int32_t& target, size_t width, const PatternPart& part) {
    SLUICE_ASSIGN(const auto number, cursor_.read_number({width, is_open_}, part));
    SLUICE_TRY(set(target, number.value, part));
    return number.taken;
  }
  Status read_plain(int32_t& target, size_t width, const PatternPart& part) {
    SLUICE_TRY(read_number(target, width, part));
    skip_ordinal(part);
    return {};
  }

  void skip_ordinal(const PatternPart& part) {
    if (part.ordinal == PatternPart::Ordinal::none) return;
    cursor_.skip_character();
    cursor_.skip_character();
  }

  Status read_field(const PatternPart& part) {
    switch (facts_of(part.field).group) {
      case Group::zone:
        return read_zone(part);
      case Group::clock:
        return read_clock(part);
      case Group::name:
        return read_name(part);
      case Group::calendar:
        return read_calendar(part);
      case Group::none:
        is_exact_ = true;
        return {};
    }
    return {};
  }

  Status read_zone(const PatternPart& part) {
    switch (part.field) {
      case Field::zone_minutes:
        if (fields_.zone_sign == 0) fields_.zone_sign = 1;
        return read_zone_minutes(part);
      case Field::zone_hours:
        return read_zone_hours(part);
      case Field::zone_name:
        if (is_letter(cursor_.current())) return read_zone_abbreviation(part);
        return read_zone_offset(part);
      default:
        return read_zone_offset(part);
    }
  }

  // +05, or +05:30.
  Status read_zone_offset(const PatternPart& part) {
    SLUICE_TRY(read_zone_hours(part));
    if (cursor_.current() != ':') return {};
    cursor_.skip_byte();
    return read_zone_minutes(part);
  }

  // The longest that the text goes on with. It replaces an offset that stood before.
  Status read_zone_abbreviation(const PatternPart& part) {
    std::string word;
    for (const char c : cursor_.rest()) {
      if (!is_letter(c)) break;
      word += ascii_lower(c);
    }
    for (; !word.empty(); word.pop_back()) {
      const Word found = find_word(word);
      if (found.kind != WordKind::zone_offset) continue;
      fields_.abbreviation_seconds = found.value;
      fields_.zone_sign = 0;
      for (size_t i = 0; i < word.size(); ++i) cursor_.skip_byte();
      return {};
    }
    return fail(ErrorCode::invalid_text,
                "no time zone abbreviation for \"" + part.text + "\" in the text",
                "read the names of zones by AT TIME ZONE");
  }

  Status read_zone_minutes(const PatternPart& part) {
    SLUICE_TRY(read_number(fields_.zone_minutes, 2, part));
    return {};
  }

  Status read_zone_hours(const PatternPart& part) {
    const char c = cursor_.current();
    if (c == '+' || c == '-' || c == ' ') {
      fields_.zone_sign = c == '-' ? -1 : 1;
      cursor_.skip_byte();
    } else {
      fields_.zone_sign = cursor_.skipped_a_minus() ? -1 : 1;
    }
    SLUICE_TRY(read_number(fields_.zone_hours, 2, part));
    return {};
  }

  Status read_clock(const PatternPart& part) {
    switch (part.field) {
      case Field::meridiem:
        return read_meridiem(part);
      case Field::hour_12:
        SLUICE_TRY(read_plain(fields_.hour, 2, part));
        fields_.is_12_hour_clock = true;
        return {};
      case Field::hour_24:
        return read_plain(fields_.hour, 2, part);
      case Field::minute:
        return read_plain(fields_.minute, 2, part);
      case Field::second:
        return read_plain(fields_.second, 2, part);
      case Field::second_of_day:
        return read_plain(fields_.second_of_day, part.text.size(), part);
      default:
        return read_fraction(part);
    }
  }

  Status read_meridiem(const PatternPart& part) {
    SLUICE_ASSIGN(
        const int32_t found,
        cursor_.read_word(part.has_dots ? dotted_meridiems : meridiems, whole_word, part));
    SLUICE_TRY(set(fields_.is_afternoon, found, part));
    fields_.is_12_hour_clock = true;
    return {};
  }

  // 25 is a quarter of a second, and so is 250.
  Status read_fraction(const PatternPart& part) {
    const bool is_millisecond = ascii_upper(part.text.front()) == 'M';
    const bool sets_digits = ascii_upper(part.text.front()) == 'F';
    if (sets_digits) fields_.fraction_digits = part.width;
    int32_t& target = is_millisecond ? fields_.millisecond : fields_.microsecond;
    SLUICE_ASSIGN(const int taken, read_number(target, part.width, part));
    int64_t value = target;
    for (int digits = taken; digits < (is_millisecond ? 3 : 6); ++digits) value *= 10;
    target = static_cast<int32_t>(value);
    skip_ordinal(part);
    return {};
  }

  Status read_name(const PatternPart& part) {
    switch (part.field) {
      case Field::era:
        return read_era(part);
      case Field::month_name:
      case Field::month_name_short: {
        const bool is_short = part.field == Field::month_name_short;
        SLUICE_ASSIGN(const int32_t found,
                      cursor_.read_word(month_names, is_short ? abbreviated : whole_word, part));
        return set(fields_.month, found + 1, part);
      }
      case Field::month_roman:
        return read_roman_month(part);
      default: {
        const bool is_short = part.field == Field::day_name_short;
        SLUICE_ASSIGN(const int32_t found,
                      cursor_.read_word(day_names, is_short ? abbreviated : whole_word, part));
        SLUICE_TRY(set(fields_.day_of_week, found, part));
        ++fields_.day_of_week;
        return {};
      }
    }
  }

  Status read_era(const PatternPart& part) {
    SLUICE_ASSIGN(const int32_t found,
                  cursor_.read_word(part.has_dots ? dotted_eras : eras, whole_word, part));
    return set(fields_.before_christ, found, part);
  }

  // The longest first: VIII begins with V.
  Status read_roman_month(const PatternPart& part) {
    std::string_view from_last[12];
    std::reverse_copy(std::begin(roman_months), std::end(roman_months), from_last);
    SLUICE_ASSIGN(const int32_t found, cursor_.read_word(from_last, whole_word, part));
    return set(fields_.month, 12 - found, part);
  }

  Status read_year(const PatternPart& part) {
    SLUICE_ASSIGN(const int taken, read_number(fields_.year, part.width, part));
    if (part.width < 4 && taken < 4) fields_.year = completed_year(fields_.year);
    fields_.year_digits = part.width;
    skip_ordinal(part);
    return {};
  }

  Status read_year_with_comma(const PatternPart& part) {
    SLUICE_ASSIGN(const int32_t year, cursor_.read_number_with_comma(part));
    SLUICE_TRY(set(fields_.year, year, part));
    fields_.year_digits = 4;
    skip_ordinal(part);
    return {};
  }

  Status read_calendar(const PatternPart& part) {
    switch (part.field) {
      case Field::year:
      case Field::iso_year:
        return read_year(part);
      case Field::year_with_comma:
        return read_year_with_comma(part);
      case Field::month:
        return read_plain(fields_.month, 2, part);
      case Field::day_of_year:
      case Field::iso_day_of_year:
        return read_plain(fields_.day_of_year, 3, part);
      case Field::day_of_month:
        return read_plain(fields_.day, 2, part);
      case Field::day_of_week:
        return read_plain(fields_.day_of_week, 1, part);
      case Field::iso_day_of_week:
        SLUICE_TRY(read_number(fields_.day_of_week, 1, part));
        if (++fields_.day_of_week > 7) fields_.day_of_week = 1;
        skip_ordinal(part);
        return {};
      case Field::week_of_year:
      case Field::iso_week:
        return read_plain(fields_.week, 2, part);
      case Field::week_of_month:
        return read_plain(fields_.week_of_month, 1, part);
      case Field::century:
        return read_plain(fields_.century, 2, part);
      case Field::julian_day:
        return read_plain(fields_.julian_day, 1, part);
      default: {
        int32_t quarter = 0;  // read, and not used
        return read_plain(quarter, 1, part);
      }
    }
  }

  const std::vector<PatternPart>& parts_;
  DateTimeCursor cursor_;
  bool is_exact_ = false;  // FX
  bool is_open_ = false;   // a number of the field goes on as far as there are digits
  ReadFields fields_;
};

}  // namespace

Result<ReadFields> read_fields(const DateTimePattern& pattern, std::string_view text) {
  return FieldsReader(pattern.parts(), text).read();
}

}  // namespace sluice
