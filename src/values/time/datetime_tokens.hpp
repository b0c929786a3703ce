// The words of PostgreSQL's date, time and interval texts: cut at the places where PostgreSQL cuts,
// so that what follows can decide by kind alone. Pure functions; text of bounded length only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

enum class TokenKind : uint8_t {
  number,   // 12, 20240131, 12.5
  date,     // 2024-01-31, 1/31/2024, 31-jan-2024, america/new_york
  time,     // 12:30:00.5
  zone,     // +08:00, -5: a sign with digits
  word,     // january, bc, utc
  special,  // -infinity
};

struct DateTimeToken {
  TokenKind kind;
  std::string text;      // lower case
  std::string_view raw;  // as written; points into the text that was cut
};

// nullopt: the text cannot be a date, time or interval.
std::optional<std::vector<DateTimeToken>> cut_datetime(std::string_view text);

enum class WordKind : uint8_t {
  unknown,
  ignored,         // "at", "on"
  month,           // value 1..12
  weekday,         // value unused
  meridiem,        // value 0 am, 1 pm
  era,             // value 0 ad, 1 bc
  zone_offset,     // value seconds east of UTC
  time_follows,    // "t"
  julian_follows,  // "j"
  unit_letter,     // "h": of intervals, where digits may follow at once: 1h30m
  epoch,
  infinity,
  minus_infinity,
  midnight_utc,  // "allballs"
  clock,         // "now", "today": depends on when it is read
};

struct Word {
  WordKind kind = WordKind::unknown;
  int32_t value = 0;
};

// What a lower-case word means in a date or timestamp.
Word find_word(std::string_view word);

}  // namespace sluice
