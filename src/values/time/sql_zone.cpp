#include "values/time/sql_zone.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "values/text/characters.hpp"
#include "values/time/datetime_tokens.hpp"

namespace sluice {

namespace {

TimeZone fixed_zone(int32_t east_seconds) {
  const int32_t size = east_seconds < 0 ? -east_seconds : east_seconds;
  char text[8] = {east_seconds < 0 ? '-' : '+'};
  text[1] = static_cast<char>('0' + size / 36'000);
  text[2] = static_cast<char>('0' + size / 3600 % 10);
  text[3] = ':';
  text[4] = static_cast<char>('0' + size % 3600 / 600);
  text[5] = static_cast<char>('0' + size % 600 / 60);
  return *TimeZone::load(std::string_view(text, 6));
}

}  // namespace

Result<TimeZone> find_sql_zone(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), ascii_lower);
  if (const Word word = find_word(lower); word.kind == WordKind::zone_offset) {
    return fixed_zone(word.value);
  }
  if (auto zone = TimeZone::find(name)) return *std::move(zone);
  return fail(ErrorCode::invalid_argument,
              "time zone \"" + std::string(name) + "\" not recognized");
}

}  // namespace sluice
