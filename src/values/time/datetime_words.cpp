// The key words of dates and timestamps.
#include <iterator>

#include "values/time/datetime_tokens.hpp"

namespace sluice {

namespace {

struct Entry {
  std::string_view word;
  WordKind kind;
  int32_t value;
};

constexpr int32_t hour = 3600;

constexpr Entry words[] = {
    {"infinity", WordKind::infinity, 0},
    {"+infinity", WordKind::infinity, 0},
    {"-infinity", WordKind::minus_infinity, 0},
    {"epoch", WordKind::epoch, 0},
    {"now", WordKind::clock, 0},
    {"today", WordKind::clock, 0},
    {"tomorrow", WordKind::clock, 0},
    {"yesterday", WordKind::clock, 0},
    {"allballs", WordKind::midnight_utc, 0},
    {"at", WordKind::ignored, 0},
    {"on", WordKind::ignored, 0},
    {"am", WordKind::meridiem, 0},
    {"pm", WordKind::meridiem, 1},
    {"ad", WordKind::era, 0},
    {"bc", WordKind::era, 1},
    {"t", WordKind::time_follows, 0},
    {"j", WordKind::julian_follows, 0},
    {"jd", WordKind::julian_follows, 0},
    {"julian", WordKind::julian_follows, 0},
    {"y", WordKind::unit_letter, 0},
    {"m", WordKind::unit_letter, 0},
    {"mm", WordKind::unit_letter, 0},
    {"d", WordKind::unit_letter, 0},
    {"h", WordKind::unit_letter, 0},
    {"s", WordKind::unit_letter, 0},
    {"jan", WordKind::month, 1},
    {"january", WordKind::month, 1},
    {"feb", WordKind::month, 2},
    {"february", WordKind::month, 2},
    {"mar", WordKind::month, 3},
    {"march", WordKind::month, 3},
    {"apr", WordKind::month, 4},
    {"april", WordKind::month, 4},
    {"may", WordKind::month, 5},
    {"jun", WordKind::month, 6},
    {"june", WordKind::month, 6},
    {"jul", WordKind::month, 7},
    {"july", WordKind::month, 7},
    {"aug", WordKind::month, 8},
    {"august", WordKind::month, 8},
    {"sep", WordKind::month, 9},
    {"sept", WordKind::month, 9},
    {"september", WordKind::month, 9},
    {"oct", WordKind::month, 10},
    {"october", WordKind::month, 10},
    {"nov", WordKind::month, 11},
    {"november", WordKind::month, 11},
    {"dec", WordKind::month, 12},
    {"december", WordKind::month, 12},
    {"sun", WordKind::weekday, 0},
    {"sunday", WordKind::weekday, 0},
    {"mon", WordKind::weekday, 0},
    {"monday", WordKind::weekday, 0},
    {"tue", WordKind::weekday, 0},
    {"tues", WordKind::weekday, 0},
    {"tuesday", WordKind::weekday, 0},
    {"wed", WordKind::weekday, 0},
    {"weds", WordKind::weekday, 0},
    {"wednesday", WordKind::weekday, 0},
    {"thu", WordKind::weekday, 0},
    {"thur", WordKind::weekday, 0},
    {"thurs", WordKind::weekday, 0},
    {"thursday", WordKind::weekday, 0},
    {"fri", WordKind::weekday, 0},
    {"friday", WordKind::weekday, 0},
    {"sat", WordKind::weekday, 0},
    {"saturday", WordKind::weekday, 0},
    // The abbreviations of zones in common use, with PostgreSQL's default meanings.
    {"z", WordKind::zone_offset, 0},
    {"zulu", WordKind::zone_offset, 0},
    {"utc", WordKind::zone_offset, 0},
    {"ut", WordKind::zone_offset, 0},
    {"gmt", WordKind::zone_offset, 0},
    {"wet", WordKind::zone_offset, 0},
    {"bst", WordKind::zone_offset, hour},
    {"west", WordKind::zone_offset, hour},
    {"cet", WordKind::zone_offset, hour},
    {"met", WordKind::zone_offset, hour},
    {"cest", WordKind::zone_offset, 2 * hour},
    {"eet", WordKind::zone_offset, 2 * hour},
    {"sast", WordKind::zone_offset, 2 * hour},
    {"eest", WordKind::zone_offset, 3 * hour},
    {"msk", WordKind::zone_offset, 3 * hour},
    {"pkt", WordKind::zone_offset, 5 * hour},
    {"hkt", WordKind::zone_offset, 8 * hour},
    {"jst", WordKind::zone_offset, 9 * hour},
    {"kst", WordKind::zone_offset, 9 * hour},
    {"aest", WordKind::zone_offset, 10 * hour},
    {"aedt", WordKind::zone_offset, 11 * hour},
    {"nzst", WordKind::zone_offset, 12 * hour},
    {"nzdt", WordKind::zone_offset, 13 * hour},
    {"ast", WordKind::zone_offset, -4 * hour},
    {"edt", WordKind::zone_offset, -4 * hour},
    {"est", WordKind::zone_offset, -5 * hour},
    {"cdt", WordKind::zone_offset, -5 * hour},
    {"cst", WordKind::zone_offset, -6 * hour},
    {"mdt", WordKind::zone_offset, -6 * hour},
    {"mst", WordKind::zone_offset, -7 * hour},
    {"pdt", WordKind::zone_offset, -7 * hour},
    {"pst", WordKind::zone_offset, -8 * hour},
    {"akst", WordKind::zone_offset, -9 * hour},
    {"hst", WordKind::zone_offset, -10 * hour},
};

}  // namespace

Word find_word(std::string_view word) {
  for (const Entry& entry : words) {
    if (entry.word == word) return {entry.kind, entry.value};
  }
  return {};
}

}  // namespace sluice
