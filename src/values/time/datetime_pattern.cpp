#include "values/time/datetime_pattern.hpp"

#include <iterator>
#include <optional>

#include "values/text/characters.hpp"

namespace sluice {

const std::string_view month_names[12] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};
const std::string_view day_names[7] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
const std::string_view roman_months[12] = {"I",   "II",   "III", "IV", "V",  "VI",
                                           "VII", "VIII", "IX",  "X",  "XI", "XII"};

namespace {

using Field = DateTimeField;

// Of several keywords that fit, the first counts.
struct Keyword {
  std::string_view text;  // in upper case
  Field field;
  uint8_t width = 0;
  bool has_dots = false;
};

constexpr Keyword keywords[] = {
    {"A.D.", Field::era, 0, true},
    {"A.M.", Field::meridiem, 0, true},
    {"AD", Field::era},
    {"AM", Field::meridiem},
    {"B.C.", Field::era, 0, true},
    {"BC", Field::era},
    {"CC", Field::century},
    {"DAY", Field::day_name},
    {"DDD", Field::day_of_year},
    {"DD", Field::day_of_month},
    {"DY", Field::day_name_short},
    {"D", Field::day_of_week},
    {"FF1", Field::fraction, 1},
    {"FF2", Field::fraction, 2},
    {"FF3", Field::fraction, 3},
    {"FF4", Field::fraction, 4},
    {"FF5", Field::fraction, 5},
    {"FF6", Field::fraction, 6},
    {"FX", Field::exact},
    {"HH24", Field::hour_24},
    {"HH12", Field::hour_12},
    {"HH", Field::hour_12},
    {"IDDD", Field::iso_day_of_year},
    {"ID", Field::iso_day_of_week},
    {"IW", Field::iso_week},
    {"IYYY", Field::iso_year, 4},
    {"IYY", Field::iso_year, 3},
    {"IY", Field::iso_year, 2},
    {"I", Field::iso_year, 1},
    {"J", Field::julian_day},
    {"MI", Field::minute},
    {"MM", Field::month},
    {"MONTH", Field::month_name},
    {"MON", Field::month_name_short},
    {"MS", Field::fraction, 3},
    {"OF", Field::zone_offset},
    {"P.M.", Field::meridiem, 0, true},
    {"PM", Field::meridiem},
    {"Q", Field::quarter},
    {"RM", Field::month_roman},
    {"SSSSS", Field::second_of_day},
    {"SSSS", Field::second_of_day},
    {"SS", Field::second},
    {"TZH", Field::zone_hours},
    {"TZM", Field::zone_minutes},
    {"TZ", Field::zone_name},
    {"US", Field::fraction, 6},
    {"WW", Field::week_of_year},
    {"W", Field::week_of_month},
    {"Y,YYY", Field::year_with_comma},
    {"YYYY", Field::year, 4},
    {"YYY", Field::year, 3},
    {"YY", Field::year, 2},
    {"Y", Field::year, 1},
};

struct Fact {
  Field field;
  DateTimeFieldFacts facts;
};

using Group = DateTimeFieldFacts::Group;
using Calendar = DateCalendar;

// In the order of the fields.
constexpr Fact facts[] = {
    {Field::era, {Group::name, Calendar::undecided, false, false}},
    {Field::meridiem, {Group::clock, Calendar::undecided, false, true}},
    {Field::century, {Group::calendar, Calendar::undecided, true, true}},
    {Field::day_name, {Group::name, Calendar::undecided, false, false}},
    {Field::day_name_short, {Group::name, Calendar::undecided, false, false}},
    {Field::day_of_year, {Group::calendar, Calendar::gregorian, true, true}},
    {Field::day_of_month, {Group::calendar, Calendar::gregorian, true, true}},
    {Field::day_of_week, {Group::calendar, Calendar::gregorian, true, false}},
    {Field::fraction, {Group::clock, Calendar::undecided, true, true}},
    {Field::hour_24, {Group::clock, Calendar::undecided, true, true}},
    {Field::hour_12, {Group::clock, Calendar::undecided, true, true}},
    {Field::iso_day_of_year, {Group::calendar, Calendar::iso_week, true, true}},
    {Field::iso_day_of_week, {Group::calendar, Calendar::iso_week, true, false}},
    {Field::iso_week, {Group::calendar, Calendar::iso_week, true, true}},
    {Field::iso_year, {Group::calendar, Calendar::iso_week, true, true}},
    {Field::julian_day, {Group::calendar, Calendar::undecided, true, true}},
    {Field::minute, {Group::clock, Calendar::undecided, true, true}},
    {Field::month, {Group::calendar, Calendar::gregorian, true, true}},
    {Field::month_name, {Group::name, Calendar::gregorian, false, false}},
    {Field::month_name_short, {Group::name, Calendar::gregorian, false, false}},
    {Field::month_roman, {Group::name, Calendar::gregorian, false, true}},
    {Field::zone_offset, {Group::zone, Calendar::undecided, false, false}},
    {Field::quarter, {Group::calendar, Calendar::undecided, true, true}},
    {Field::second_of_day, {Group::clock, Calendar::undecided, true, true}},
    {Field::second, {Group::clock, Calendar::undecided, true, true}},
    {Field::zone_hours, {Group::zone, Calendar::undecided, false, false}},
    {Field::zone_minutes, {Group::zone, Calendar::undecided, true, false}},
    {Field::zone_name, {Group::zone, Calendar::undecided, false, false}},
    {Field::week_of_year, {Group::calendar, Calendar::gregorian, true, true}},
    {Field::week_of_month, {Group::calendar, Calendar::gregorian, true, true}},
    {Field::year_with_comma, {Group::calendar, Calendar::gregorian, true, true}},
    {Field::year, {Group::calendar, Calendar::gregorian, true, true}},
    {Field::exact, {Group::none, Calendar::undecided, false, true}},
};

constexpr bool is_in_order() {
  for (size_t i = 0; i < std::size(facts); ++i) {
    if (static_cast<size_t>(facts[i].field) != i) return false;
  }
  return facts[std::size(facts) - 1].field == Field::exact;
}
static_assert(is_in_order(), "each field has its facts, at its place");

bool has_title_form(Field field) {
  return field == Field::day_name || field == Field::day_name_short || field == Field::month_name ||
         field == Field::month_name_short;
}

// In the case a keyword may be written in; none when it may not.
std::optional<LetterCase> case_of(std::string_view text, const Keyword& keyword) {
  bool is_upper = true;
  bool is_lower = true;
  bool is_title = has_title_form(keyword.field);
  for (size_t i = 0; i < keyword.text.size(); ++i) {
    const char upper = keyword.text[i];
    const char lower = ascii_lower(upper);
    is_upper = is_upper && text[i] == upper;
    is_lower = is_lower && text[i] == lower;
    is_title = is_title && text[i] == (i == 0 ? upper : lower);
  }
  if (is_upper) return LetterCase::upper;
  if (is_title) return LetterCase::title;
  if (is_lower) return LetterCase::lower;
  return std::nullopt;
}

bool is_separator(char c) {
  return c > ' ' && c < 0x7F && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
         !(c >= '0' && c <= '9');
}
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

class PatternParser {
 public:
  PatternParser(std::string_view format, std::vector<PatternPart>& parts)
      : rest_(format), parts_(parts) {}

  void parse() {
    while (!rest_.empty()) {
      PatternPart part;
      take_prefix(part);
      if (rest_.empty()) return;
      if (take_field(part)) continue;
      if (rest_.front() == '"') {
        take_quoted();
      } else {
        take_plain();
      }
    }
  }

 private:
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  void take_prefix(PatternPart& part) {
    if (take("FM") || take("fm")) {
      part.is_filled = false;
    } else if (take("TM") || take("tm")) {
      part.is_localized = true;
    }
  }

  bool take_field(PatternPart& part) {
    for (const Keyword& keyword : keywords) {
      if (rest_.size() < keyword.text.size()) continue;
      const auto letters = case_of(rest_, keyword);
      if (!letters) continue;
      part.kind = PatternPart::Kind::field;
      part.field = keyword.field;
      part.letters = *letters;
      part.width = keyword.width;
      part.has_dots = keyword.has_dots;
      part.text = rest_.substr(0, keyword.text.size());
      rest_.remove_prefix(keyword.text.size());
      if (take("TH")) {
        part.ordinal = PatternPart::Ordinal::upper;
      } else if (take("th")) {
        part.ordinal = PatternPart::Ordinal::lower;
      } else {
        take("SP");
      }
      parts_.push_back(std::move(part));
      return true;
    }
    return false;
  }

  void take_character(PatternPart::Kind kind) {
    const size_t size = character_length(rest_.front());
    PatternPart part;
    part.kind = kind;
    part.text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    parts_.push_back(std::move(part));
  }

  void take_quoted() {
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
      if (take("\"")) return;
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      take_character(PatternPart::Kind::character);
    }
  }

  // Outside of quotes a backslash counts only before one.
  void take_plain() {
    if (rest_.starts_with("\\\"")) rest_.remove_prefix(1);
    const char c = rest_.front();
    take_character(is_separator(c) ? PatternPart::Kind::separator
                   : is_space(c)   ? PatternPart::Kind::space
                                   : PatternPart::Kind::character);
  }

  std::string_view rest_;
  std::vector<PatternPart>& parts_;
};

}  // namespace

const DateTimeFieldFacts& facts_of(DateTimeField field) {
  return facts[static_cast<size_t>(field)].facts;
}

DateTimePattern DateTimePattern::parse(std::string_view format) {
  DateTimePattern pattern;
  PatternParser(format, pattern.parts_).parse();
  return pattern;
}

}  // namespace sluice
