#include "values/time/time_zone.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "values/time/calendar.hpp"
#include "values/time/database_zone.hpp"
#include "values/time/posix_zone.hpp"
#include "values/type.hpp"

namespace sluice {

namespace {

bool is_infinite(int64_t time_us) {
  return time_us == timestamp_infinity || time_us == timestamp_minus_infinity;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string in_capitals(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

// A range of instants with one offset.
struct Span {
  int64_t from_us;
  int32_t offset_seconds;
};

// "+08:00", "-0330", "+08", which count east of UTC, as POSIX writes them: "<+08>-08".
std::optional<std::string> posix_of_offset(std::string_view text) {
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string digits;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ':' && i == 3 && text.size() == 6) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    digits += text[i];
  }
  if (digits.size() != 2 && digits.size() != 4) return std::nullopt;
  const std::string hours = digits.substr(0, 2);
  const std::string minutes = digits.size() == 4 ? digits.substr(2) : "00";
  if (hours > "15" || minutes > "59") return std::nullopt;
  const std::string name = text[0] + hours + (minutes == "00" ? "" : minutes);
  return "<" + name + ">" + (text[0] == '+' ? "-" : "+") + hours + ":" + minutes;
}

// Within a week of the smallest and the largest 64-bit number, where no timestamp is, the result is
// an infinity.
int64_t shifted(int64_t time_us, int64_t seconds) {
  int64_t result = 0;
  if (!__builtin_add_overflow(time_us, seconds * us_per_second, &result)) return result;
  return seconds < 0 ? timestamp_minus_infinity : timestamp_infinity;
}

}  // namespace

struct TimeZone::Rules {
  std::shared_ptr<const ZoneRules> zone;
  // Offsets from the first one's time on, up to until_us; outside, the zone itself is asked, which
  // is slower.
  std::vector<Span> spans;
  int64_t until_us;
  int64_t margin_us = us_per_day;

  explicit Rules(std::shared_ptr<const ZoneRules> from) : zone(std::move(from)) {
    const int64_t first = start_of_year(1970);
    const int64_t until = start_of_year(2100);
    until_us = until * us_per_second;
    add_span(first);
    for (const int64_t instant : zone->transitions(first, until)) add_span(instant);
  }

  // The span an instant lies in; nullptr outside the table.
  const Span* span_at(int64_t instant_us) const {
    if (instant_us < spans.front().from_us || instant_us >= until_us) return nullptr;
    if (instant_us >= spans.back().from_us) return &spans.back();
    const auto after =
        std::upper_bound(spans.begin(), spans.end(), instant_us,
                         [](int64_t wanted, const Span& span) { return wanted < span.from_us; });
    return &*(after - 1);
  }

  // The span of a wall-clock time that is so far from every transition that only one reading is
  // possible.
  const Span* span_of_local(int64_t local_us) const {
    const Span* span = span_at(local_us);
    if (span == nullptr || local_us - span->from_us < margin_us) return nullptr;
    const int64_t end_us = span == &spans.back() ? until_us : span[1].from_us;
    return end_us - local_us < margin_us ? nullptr : span;
  }

 private:
  int64_t start_of_year(int64_t year) const {
    const int64_t local = days_of({year, 1, 1}) * (us_per_day / us_per_second);
    return local - zone->offset_of_local(local);
  }

  void add_span(int64_t instant) {
    const int32_t offset = zone->offset_at(instant);
    spans.push_back({instant * us_per_second, offset});
    margin_us = std::max(margin_us, us_per_day + std::abs(offset) * us_per_second);
  }
};

TimeZone::TimeZone() {
  static const auto utc =
      std::make_shared<const Rules>(std::make_shared<const PosixZone>(*PosixZone::parse("UTC0")));
  name_ = "UTC";
  rules_ = utc;
}

TimeZone::~TimeZone() = default;
TimeZone::TimeZone(const TimeZone&) = default;
TimeZone& TimeZone::operator=(const TimeZone&) = default;

Result<TimeZone> TimeZone::load(std::string_view name) {
  const auto offset = posix_of_offset(name);
  const bool is_named = !name.empty() && (is_letter(name.front()) || name.front() == '<');
  auto zone = offset ? find(*offset) : is_named ? find(name) : std::nullopt;
  if (!zone) {
    return fail(ErrorCode::invalid_value, "time zone \"" + std::string(name) + "\" is not known",
                "Use an IANA name such as Asia/Shanghai, UTC, or an offset such as +08:00");
  }
  if (offset) zone->name_ = std::string(name);
  return *std::move(zone);
}

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  TimeZone result;
  result.name_ = database_spelling(name);
  if (result.name_ == "UTC") return result;
  auto rules = find_database_zone(result.name_);
  if (!rules) {
    result.name_ = in_capitals(name);
    auto posix = PosixZone::parse(result.name_);
    if (!posix) return std::nullopt;
    rules = std::make_shared<const PosixZone>(*std::move(posix));
  }
  result.rules_ = std::make_shared<const Rules>(std::move(rules));
  return result;
}

int32_t TimeZone::offset_seconds_at(int64_t instant_us) const {
  if (const Span* span = rules_->span_at(instant_us)) [[likely]]
    return span->offset_seconds;
  return rules_->zone->offset_at(floor_divide(instant_us, us_per_second));
}

int64_t TimeZone::to_local(int64_t instant_us) const {
  if (is_infinite(instant_us)) return instant_us;
  return shifted(instant_us, offset_seconds_at(instant_us));
}

int64_t TimeZone::to_instant(int64_t local_us) const {
  if (is_infinite(local_us)) return local_us;
  const Span* span = rules_->span_of_local(local_us);
  if (span != nullptr) [[likely]]
    return local_us - span->offset_seconds * us_per_second;
  return shifted(local_us, -rules_->zone->offset_of_local(floor_divide(local_us, us_per_second)));
}

std::string TimeZone::abbreviation_at(int64_t instant_us) const {
  return rules_->zone->abbreviation_at(floor_divide(instant_us, us_per_second));
}

}  // namespace sluice
