#include "values/time/posix_zone.hpp"

#include <algorithm>
#include <utility>

#include "values/time/calendar.hpp"

namespace sluice {

namespace {

constexpr int64_t seconds_per_day = 86'400;
constexpr int64_t seconds_per_hour = 3600;
constexpr std::string_view default_changes = "M3.2.0,M11.1.0";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int64_t first_day(int64_t year) { return days_of({year, 1, 1}); }
int64_t year_of(int64_t instant) {
  return civil_date_of(floor_divide(instant, seconds_per_day)).year;
}
// 0 Sunday.
int weekday(int64_t days) {
  constexpr int64_t weekday_of_1970 = 4;
  return static_cast<int>(days + weekday_of_1970 - floor_divide(days + weekday_of_1970, 7) * 7);
}

}  // namespace

// Reads one text from left to right; every step is false, or none, where it does not go on.
class PosixZoneReader {
 public:
  explicit PosixZoneReader(std::string_view text) : rest_(text) {}

  std::optional<PosixZone> read() {
    PosixZone zone;
    const auto standard = read_name();
    if (!standard || rest_.empty()) return std::nullopt;
    const auto west = read_time();
    if (!west) return std::nullopt;
    zone.standard_ = {*standard, static_cast<int32_t>(-*west)};
    if (!rest_.empty() && !read_summer(zone)) return std::nullopt;
    return zone;
  }

 private:
  bool read_summer(PosixZone& zone) {
    const auto name = read_name();
    if (!name || name->empty()) return false;
    PosixZone::Clock summer{*name, static_cast<int32_t>(zone.standard_.offset + seconds_per_hour)};
    if (!rest_.empty() && rest_[0] != ',' && rest_[0] != ';') {
      const auto west = read_time();
      if (!west) return false;
      summer.offset = static_cast<int32_t>(-*west);
    }
    zone.summer_ = std::move(summer);
    if (rest_.empty()) {
      rest_ = default_changes;
    } else if (!take(',') && !take(';')) {
      return false;
    }
    return read_change(zone.to_summer_) && take(',') && read_change(zone.to_standard_) &&
           rest_.empty();
  }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Up to the offset, or between < and >. Empty where there is only an offset.
  std::optional<std::string> read_name() {
    const bool is_quoted = take('<');
    const size_t size =
        is_quoted ? rest_.find('>') : std::min(rest_.find_first_of("0123456789,-+"), rest_.size());
    if (size == std::string_view::npos) return std::nullopt;
    std::string name(rest_.substr(0, size));
    rest_.remove_prefix(size + (is_quoted ? 1 : 0));
    return name;
  }

  std::optional<int> read_number(int least, int most) {
    if (rest_.empty() || !is_digit(rest_[0])) return std::nullopt;
    int number = 0;
    for (; !rest_.empty() && is_digit(rest_[0]); rest_.remove_prefix(1)) {
      number = number * 10 + (rest_[0] - '0');
      if (number > most) return std::nullopt;
    }
    return number < least ? std::nullopt : std::optional(number);
  }

  // [+-]hh[:mm[:ss]] in seconds; up to a week.
  std::optional<int64_t> read_time() {
    constexpr int most_hours = 7 * 24 - 1;
    const bool is_negative = take('-');
    if (!is_negative) take('+');
    const auto hours = read_number(0, most_hours);
    if (!hours) return std::nullopt;
    int64_t seconds = *hours * seconds_per_hour;
    for (const int unit : {60, 1}) {
      if (!take(':')) break;
      const auto number = read_number(0, unit == 1 ? 60 : 59);
      if (!number) return std::nullopt;
      seconds += *number * unit;
    }
    return is_negative ? -seconds : seconds;
  }

  bool read_change(PosixZone::Change& change) {
    using Kind = PosixZone::Change::Kind;
    std::optional<int> month = 0;
    std::optional<int> week = 0;
    std::optional<int> day;
    if (take('M')) {
      change.kind = Kind::weekday_of_month;
      month = read_number(1, 12);
      if (!month || !take('.')) return false;
      week = read_number(1, 5);
      if (!week || !take('.')) return false;
      day = read_number(0, 6);
    } else if (take('J')) {
      change.kind = Kind::day_without_leap_day;
      day = read_number(1, 365);
    } else {
      day = read_number(0, 365);
    }
    constexpr int64_t usual_time = 2 * seconds_per_hour;
    const auto time = take('/') ? read_time() : std::optional(usual_time);
    if (!day || !time) return false;
    change.month = *month;
    change.week = *week;
    change.day = *day;
    change.time = *time;
    return true;
  }

  std::string_view rest_;
};

std::optional<PosixZone> PosixZone::parse(std::string_view text) {
  return PosixZoneReader(text).read();
}

int64_t PosixZone::local_time_of(const Change& change, int64_t year) {
  int64_t day = first_day(year) + change.day;
  if (change.kind == Change::Kind::day_without_leap_day) {
    constexpr int first_of_march = 60;
    day += is_leap_year(year) && change.day >= first_of_march ? 0 : -1;
  } else if (change.kind == Change::Kind::weekday_of_month) {
    const int64_t first = days_of({year, change.month, 1});
    int day_of_month = 1 + (change.day - weekday(first) + 7) % 7 + (change.week - 1) * 7;
    if (day_of_month > days_in_month(year, change.month)) day_of_month -= 7;
    day = first + day_of_month - 1;
  }
  return day * seconds_per_day + change.time;
}

std::vector<PosixZone::Transition> PosixZone::transitions_of(int64_t year) const {
  Transition begin{local_time_of(to_summer_, year) - standard_.offset, true};
  Transition end{local_time_of(to_standard_, year) - summer_->offset, false};
  if (end.instant < begin.instant) return {end, begin};
  const int64_t year_seconds = (first_day(year + 1) - first_day(year)) * seconds_per_day;
  const bool ends = begin.instant < end.instant &&
                    end.instant - begin.instant < year_seconds + summer_->offset - standard_.offset;
  return ends ? std::vector{begin, end} : std::vector<Transition>();
}

bool PosixZone::is_summer(int64_t instant) const {
  if (!summer_) return false;
  const int64_t year = year_of(instant);
  bool summer = true;
  for (int64_t near = year - 1; near <= year + 1; ++near) {
    for (const Transition& transition : transitions_of(near)) {
      if (transition.instant <= instant) summer = transition.to_summer;
    }
  }
  return summer;
}

int32_t PosixZone::offset_at(int64_t instant) const {
  return is_summer(instant) ? summer_->offset : standard_.offset;
}

std::string PosixZone::abbreviation_at(int64_t instant) const {
  return is_summer(instant) ? summer_->name : standard_.name;
}

// As PostgreSQL decides: by the transition that comes next a day before.
int32_t PosixZone::offset_of_local(int64_t local) const {
  const int64_t day_before = local - seconds_per_day;
  const auto next = transitions_between(day_before, day_before + 366 * seconds_per_day);
  if (next.empty()) return offset_at(day_before);
  const auto [boundary, to_summer] = next.front();
  const int32_t before = offset_at(boundary - 1);
  const int32_t after = to_summer ? summer_->offset : standard_.offset;
  const bool may_be_before = local - before < boundary;
  const bool may_be_after = local - after >= boundary;
  if (may_be_before != may_be_after) return may_be_before ? before : after;
  return may_be_before ? after : before;
}

std::vector<int64_t> PosixZone::transitions(int64_t from, int64_t until) const {
  std::vector<int64_t> instants;
  for (const Transition& transition : transitions_between(from, until)) {
    instants.push_back(transition.instant);
  }
  return instants;
}

std::vector<PosixZone::Transition> PosixZone::transitions_between(int64_t from,
                                                                  int64_t until) const {
  std::vector<Transition> found;
  if (!summer_) return found;
  for (int64_t year = year_of(from) - 1; year <= year_of(until) + 1; ++year) {
    for (const Transition& transition : transitions_of(year)) {
      if (transition.instant > from && transition.instant < until) found.push_back(transition);
    }
  }
  return found;
}

}  // namespace sluice
