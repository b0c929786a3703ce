// TimeZone: a named zone with its daylight saving rules. Cheap to copy, usable from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sluice {

class TimeZone {
 public:
  // UTC.
  TimeZone();
  ~TimeZone();
  TimeZone(const TimeZone&);
  TimeZone& operator=(const TimeZone&);

  // As a setting: what find() knows, and fixed offsets, which count east ("+08:00"). Error
  // invalid_value.
  static Result<TimeZone> load(std::string_view name);
  // As SQL names zones: IANA names in any case ("asia/shanghai"), and what POSIX writes ("UTC+8",
  // "<+08>-08", "EST5EDT,M3.2.0,M11.1.0", "-08:00"), whose hours count west. nullopt: none of them.
  static std::optional<TimeZone> find(std::string_view name);
  const std::string& name() const { return name_; }

  // Seconds east of UTC in force at an instant (microseconds since 1970 UTC).
  int32_t offset_seconds_at(int64_t instant_us) const;
  // Local wall-clock microseconds (as of type timestamp) at an instant, and the reverse; in a gap
  // or an overlap the reverse chooses as PostgreSQL does: the standard-time reading. Infinities map
  // to themselves.
  int64_t to_local(int64_t instant_us) const;
  int64_t to_instant(int64_t local_us) const;
  // "CST", as PostgreSQL prints for TZ.
  std::string abbreviation_at(int64_t instant_us) const;

 private:
  struct Rules;
  std::string name_;
  std::shared_ptr<const Rules> rules_;
};

}  // namespace sluice
