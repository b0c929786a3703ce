#include "values/time/datetime_input.hpp"

#include "values/time/datetime_fields_read.hpp"
#include "values/time/week_date.hpp"

namespace sluice {

namespace {

// A moment as it is put together from fields, and which of its parts are known.
class MomentBuilder {
 public:
  explicit MomentBuilder(const ReadFields& fields) : fields_(fields) {}

  Result<ReadTime> build() {
    SLUICE_TRY(set_clock());
    set_year();
    set_date_of_week();
    SLUICE_TRY(set_day());
    SLUICE_TRY(check());
    SLUICE_TRY(set_zone());
    time_.fraction_digits = fields_.fraction_digits;
    return time_;
  }

 private:
  static Unexpected no_such_time() {
    return fail(ErrorCode::value_out_of_range, "date/time field value out of range");
  }

  Status set_clock() {
    if (fields_.second_of_day != 0) {
      time_.hour = fields_.second_of_day / 3600;
      time_.minute = fields_.second_of_day % 3600 / 60;
      time_.second = fields_.second_of_day % 60;
    }
    if (fields_.second != 0) time_.second = fields_.second;
    if (fields_.minute != 0) time_.minute = fields_.minute;
    if (fields_.hour != 0) time_.hour = fields_.hour;
    constexpr int64_t us_per_ms = 1'000;
    time_.microsecond = fields_.millisecond * us_per_ms + fields_.microsecond;
    if (!fields_.is_12_hour_clock) return {};
    if (time_.hour < 1 || time_.hour > 12) {
      return fail(ErrorCode::invalid_text,
                  "hour " + std::to_string(time_.hour) + " is invalid for the 12-hour clock",
                  "use HH24, or hours from 1 to 12");
    }
    time_.hour = time_.hour % 12 + (fields_.is_afternoon != 0 ? 12 : 0);
    return {};
  }

  // Years of one or two digits count within the century, if there is one.
  void set_year() {
    const int64_t century =
        fields_.before_christ != 0 ? -int64_t{fields_.century} : int64_t{fields_.century};
    int64_t& year = time_.date.year;
    if (fields_.year == 0) {
      if (century == 0) return;
      year = century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
    } else if (century != 0 && fields_.year_digits <= 2) {
      const int64_t within = fields_.year % 100;
      if (within == 0) {
        year = century * 100 + (century >= 0 ? 0 : 1);
      } else {
        year = century >= 0 ? within + (century - 1) * 100 : (century + 1) * 100 - within + 1;
      }
    } else {
      year = fields_.before_christ != 0 ? -int64_t{fields_.year} : int64_t{fields_.year};
      if (year < 0) ++year;
    }
    knows_year_ = true;
  }

  void set_date(int64_t day) {
    time_.date = civil_date_of(day);
    knows_year_ = knows_month_ = knows_day_ = true;
  }

  // Of an ISO week, its Monday when there is no day.
  void set_date_of_week() {
    day_of_year_ = fields_.day_of_year;
    if (fields_.julian_day != 0) set_date(fields_.julian_day - julian_day_of(0));
    if (fields_.week == 0) return;
    if (fields_.calendar == DateCalendar::iso_week) {
      constexpr int64_t sunday = 1;
      const int64_t weekday = fields_.day_of_week;
      const int64_t offset = weekday == 0 ? 0 : weekday == sunday ? 6 : weekday - 2;
      set_date(day_of_iso_week(time_.date.year, fields_.week) + offset);
    } else {
      day_of_year_ = (int64_t{fields_.week} - 1) * 7 + 1;
    }
  }

  Status set_day() {
    int64_t day = fields_.day;
    if (fields_.week_of_month != 0) day = (int64_t{fields_.week_of_month} - 1) * 7 + 1;
    if (day != static_cast<int32_t>(day) || day_of_year_ != static_cast<int32_t>(day_of_year_)) {
      return no_such_time();
    }
    if (day != 0) {
      time_.date.day = static_cast<int>(day);
      knows_day_ = true;
    }
    if (fields_.month != 0) {
      time_.date.month = fields_.month;
      knows_month_ = true;
    }
    const bool lacks_day = time_.date.month <= 1 || time_.date.day <= 1;
    return day_of_year_ != 0 && lacks_day ? set_day_of_year() : Status{};
  }

  Status set_day_of_year() {
    CivilDate& date = time_.date;
    if (date.year == 0 && fields_.before_christ == 0) {
      return fail(ErrorCode::invalid_text, "cannot calculate day of year without year information");
    }
    if (fields_.calendar == DateCalendar::iso_week) {
      set_date(day_of_iso_week(date.year, 1) - 1 + day_of_year_);
      return {};
    }
    int month = 1;
    int64_t day = day_of_year_;
    for (; month <= 12 && day > days_in_month(date.year, month); ++month) {
      day -= days_in_month(date.year, month);
    }
    if (date.month <= 1) date.month = month;
    if (date.day <= 1) date.day = static_cast<int>(day);
    knows_month_ = knows_day_ = true;
    return {};
  }

  // The end of a month counts only when the whole date is known.
  Status check() const {
    const CivilDate& date = time_.date;
    if (knows_month_ && (date.month < 1 || date.month > 12)) return no_such_time();
    if (knows_day_ && (date.day < 1 || date.day > 31)) return no_such_time();
    const bool is_whole = knows_year_ && knows_month_ && knows_day_;
    if (is_whole && date.day > days_in_month(date.year, date.month)) return no_such_time();
    const bool is_time = time_.hour >= 0 && time_.hour < 24 && time_.minute >= 0 &&
                         time_.minute < 60 && time_.second >= 0 && time_.second < 60 &&
                         time_.microsecond >= 0 && time_.microsecond < us_per_second;
    return is_time ? Status{} : no_such_time();
  }

  Status set_zone() {
    if (fields_.zone_sign == 0) {
      time_.offset_seconds = fields_.abbreviation_seconds;
      return {};
    }
    constexpr int32_t most_hours = 15;
    if (fields_.zone_hours < 0 || fields_.zone_hours > most_hours || fields_.zone_minutes < 0 ||
        fields_.zone_minutes >= 60) {
      return fail(ErrorCode::value_out_of_range, "time zone displacement out of range");
    }
    time_.offset_seconds =
        fields_.zone_sign * (fields_.zone_hours * 60 + fields_.zone_minutes) * 60;
    return {};
  }

  const ReadFields& fields_;
  ReadTime time_;
  int64_t day_of_year_ = 0;
  bool knows_year_ = false;
  bool knows_month_ = false;
  bool knows_day_ = false;
};

}  // namespace

Result<ReadTime> parse_by(const DateTimePattern& pattern, std::string_view text) {
  SLUICE_ASSIGN(const ReadFields fields, read_fields(pattern, text));
  return MomentBuilder(fields).build();
}

Result<int32_t> date_of(const ReadTime& time) {
  constexpr int64_t first_year = -4713;
  constexpr int64_t last_year = 5'874'897;
  const CivilDate& date = time.date;
  const bool fits = date.year >= first_year && date.year <= last_year;
  const int64_t days = fits ? days_of(date) : 0;
  if (!fits || days < first_date || days > last_date) {
    return fail(ErrorCode::value_out_of_range, "date out of range");
  }
  return static_cast<int32_t>(days);
}

}  // namespace sluice
