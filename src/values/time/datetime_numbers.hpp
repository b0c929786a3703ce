// Numbers inside of date, time and interval texts. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

// Takes the digits (and a leading minus) at the start of `text` off it. nullopt: none, or more than
// an int64 holds.
std::optional<int64_t> take_number(std::string_view& text);

// Takes "." and digits off `text`: the fraction in millionths, rounded; 1000000 is possible. "" is
// 0.
int take_fraction(std::string_view& text);

// hour:minute[:second[.fraction]], or minute:second.fraction.
struct ClockTime {
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int microsecond = 0;
};

// nullopt: not of this form. The fields are not checked.
std::optional<ClockTime> parse_clock_time(std::string_view text);

}  // namespace sluice
