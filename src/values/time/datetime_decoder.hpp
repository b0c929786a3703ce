// DateTimeDecoder: the words of a date or timestamp text to its fields, by PostgreSQL's rules (its
// DecodeDateTime under DateStyle ISO, MDY). Made for one text, used once, by one thread. Words that
// depend on when they are read (now, today) are errors: values must not depend on the time of
// reading.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "values/time/calendar.hpp"
#include "values/time/datetime_tokens.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

enum class DecodeProblem : uint8_t {
  none,
  bad_format,      // not a date or timestamp at all
  field_overflow,  // the 30th of February, 25 o'clock
  zone_overflow,   // an offset of 16 hours or more
  unknown_zone,
  depends_on_clock,
};

struct DateTimeFields {
  enum class Kind : uint8_t { civil, epoch, infinity, minus_infinity };

  Kind kind = Kind::civil;
  int64_t year = 0;  // 0 = 1 BC
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int microsecond = 0;
  std::optional<int32_t> offset_seconds;  // east of UTC
  std::optional<TimeZone> zone;
};

class DateTimeDecoder {
 public:
  DecodeProblem decode(std::string_view text);
  const DateTimeFields& fields() const { return fields_; }

 private:
  // Which fields are known: PostgreSQL's masks.
  enum Mask : uint32_t {
    no_field = 0,
    year = 1,
    month = 2,
    day = 4,
    date = year | month | day,
    time = 8,
    zone = 16,
    day_of_year = 32,
    weekday = 64,
    meridiem = 128,
    era = 256,
  };

  DecodeProblem decode_token(const DateTimeToken& token);
  DecodeProblem decode_date_token(const DateTimeToken& token);
  DecodeProblem decode_number_token(const DateTimeToken& token);
  DecodeProblem decode_word_token(const DateTimeToken& token);
  DecodeProblem decode_field_word(const Word& word);
  DecodeProblem decode_date(std::string_view text);
  DecodeProblem decode_date_number(std::string_view digits, uint32_t known);
  DecodeProblem decode_number_field(std::string_view digits, uint32_t known);
  DecodeProblem decode_time(std::string_view text);
  DecodeProblem decode_offset(std::string_view text);
  DecodeProblem decode_zone_name(std::string_view raw);
  DecodeProblem decode_julian(std::string_view digits);
  DecodeProblem set_year_month_or_day(int64_t value, size_t width, uint32_t known);
  void set_year(int64_t value, size_t width);
  void set_month_name(int32_t value);
  DecodeProblem finish();
  DecodeProblem finish_date();
  DecodeProblem finish_time();

  DateTimeFields fields_;
  uint32_t known_ = no_field;
  uint32_t found_ = no_field;              // by the token at hand
  WordKind expected_ = WordKind::unknown;  // what "t" or "j" announced
  bool has_month_name_ = false;
  bool has_short_year_ = false;
  bool is_julian_ = false;
  int64_t day_of_year_ = 0;
  std::optional<int32_t> meridiem_;  // 0 am, 1 pm
  bool is_before_christ_ = false;
};

}  // namespace sluice
