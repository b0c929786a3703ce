#include "data/time_zone.hpp"

#include <absl/time/time.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

#include "data/type.hpp"

namespace sluice {

namespace {

constexpr int64_t second_us = 1'000'000;
constexpr int64_t day_us = 86'400 * second_us;

bool is_infinite(int64_t time_us) {
  return time_us == timestamp_infinity || time_us == timestamp_minus_infinity;
}

int64_t floor_seconds(int64_t time_us) {
  return time_us / second_us - (time_us % second_us < 0 ? 1 : 0);
}

// A range of instants with one offset.
struct Span {
  int64_t from_us;
  int32_t offset_seconds;
};

// "+08:00", "-0330", "+08": seconds east of UTC.
std::optional<int32_t> parse_fixed_offset(std::string_view text) {
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string digits;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ':' && i == 3 && text.size() == 6) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    digits += text[i];
  }
  if (digits.size() != 2 && digits.size() != 4) return std::nullopt;
  const int hours = (digits[0] - '0') * 10 + digits[1] - '0';
  const int minutes = digits.size() == 4 ? (digits[2] - '0') * 10 + digits[3] - '0' : 0;
  if (hours > 15 || minutes > 59) return std::nullopt;
  const int32_t seconds = hours * 3600 + minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

// Names that cannot be taken for a path outside the zone database.
bool is_zone_name(std::string_view name) {
  return !name.empty() && name.front() != '/' && name != "localtime" &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '+' || c == '/';
         });
}

// Within a day of the smallest and the largest timestamp the result is an infinity.
int64_t shifted(int64_t time_us, int64_t seconds) {
  int64_t result = 0;
  if (!__builtin_add_overflow(time_us, seconds * second_us, &result)) return result;
  return seconds < 0 ? timestamp_minus_infinity : timestamp_infinity;
}

absl::CivilSecond civil_of(int64_t local_us) {
  return absl::CivilSecond(1970, 1, 1) + floor_seconds(local_us);
}

}  // namespace

struct TimeZone::Rules {
  absl::TimeZone zone;
  // Offsets from first_us on, up to until_us; outside, the zone itself is asked, which is slower.
  std::vector<Span> spans;
  int64_t until_us;

  explicit Rules(absl::TimeZone from) : zone(from) {
    absl::Time at = absl::FromCivil(absl::CivilSecond(1970, 1, 1), zone);
    const absl::Time until = absl::FromCivil(absl::CivilSecond(2100, 1, 1), zone);
    until_us = absl::ToUnixMicros(until);
    spans.push_back({absl::ToUnixMicros(at), zone.At(at).offset});
    absl::TimeZone::CivilTransition transition;
    while (zone.NextTransition(at, &transition)) {
      at = instant_of(transition);
      if (at >= until) break;
      spans.push_back({absl::ToUnixMicros(at), zone.At(at).offset});
    }
  }

  // The civil times around a transition are skipped or repeated ones, which carry its instant.
  absl::Time instant_of(const absl::TimeZone::CivilTransition& transition) const {
    const absl::TimeZone::TimeInfo before = zone.At(transition.from);
    return before.kind == absl::TimeZone::TimeInfo::UNIQUE ? zone.At(transition.to).trans
                                                           : before.trans;
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
    if (span == nullptr || local_us - span->from_us < 2 * day_us) return nullptr;
    const int64_t end_us = span == &spans.back() ? until_us : span[1].from_us;
    return end_us - local_us < 2 * day_us ? nullptr : span;
  }
};

TimeZone::TimeZone() {
  static const auto utc = std::make_shared<const Rules>(absl::UTCTimeZone());
  name_ = "UTC";
  rules_ = utc;
}

TimeZone::~TimeZone() = default;
TimeZone::TimeZone(const TimeZone&) = default;
TimeZone& TimeZone::operator=(const TimeZone&) = default;

Result<TimeZone> TimeZone::load(std::string_view name) {
  TimeZone result;
  if (name == "UTC") return result;
  absl::TimeZone zone;
  if (const auto offset = parse_fixed_offset(name)) {
    zone = absl::FixedTimeZone(*offset);
  } else if (!is_zone_name(name) || !absl::LoadTimeZone(std::string(name), &zone)) {
    return fail(ErrorCode::invalid_value, "time zone \"" + std::string(name) + "\" is not known",
                "Use an IANA name such as Asia/Shanghai, UTC, or an offset such as +08:00");
  }
  result.name_ = std::string(name);
  result.rules_ = std::make_shared<const Rules>(zone);
  return result;
}

int32_t TimeZone::offset_seconds_at(int64_t instant_us) const {
  if (const Span* span = rules_->span_at(instant_us)) [[likely]]
    return span->offset_seconds;
  return rules_->zone.At(absl::FromUnixMicros(instant_us)).offset;
}

int64_t TimeZone::to_local(int64_t instant_us) const {
  if (is_infinite(instant_us)) return instant_us;
  return shifted(instant_us, offset_seconds_at(instant_us));
}

int64_t TimeZone::to_instant(int64_t local_us) const {
  if (is_infinite(local_us)) return local_us;
  if (const Span* span = rules_->span_of_local(local_us)) [[likely]] {
    return local_us - span->offset_seconds * second_us;
  }
  // A skipped time is read with the offset before the gap, a repeated one with the offset after it.
  const absl::TimeZone::TimeInfo info = rules_->zone.At(civil_of(local_us));
  const bool is_repeated = info.kind == absl::TimeZone::TimeInfo::REPEATED;
  const int64_t instant_seconds = absl::ToUnixSeconds(is_repeated ? info.post : info.pre);
  return shifted(local_us, instant_seconds - floor_seconds(local_us));
}

std::string TimeZone::abbreviation_at(int64_t instant_us) const {
  return rules_->zone.At(absl::FromUnixMicros(instant_us)).zone_abbr;
}

}  // namespace sluice
