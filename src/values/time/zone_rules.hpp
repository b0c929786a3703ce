// ZoneRules: what the clocks of one time zone show, from the zone database or from a POSIX text.
// Immutable, usable from any thread. Instants are seconds since 1970 UTC, local times seconds of
// the clock's own face, offsets seconds east of UTC.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

class ZoneRules {
 public:
  virtual ~ZoneRules() = default;

  virtual int32_t offset_at(int64_t instant) const = 0;
  // What a local time is read with: one that is skipped with the offset before the gap, one that
  // comes twice with the offset after it.
  virtual int32_t offset_of_local(int64_t local) const = 0;
  virtual std::string abbreviation_at(int64_t instant) const = 0;
  // Where the offset changes after `from` and before `until`, ascending.
  virtual std::vector<int64_t> transitions(int64_t from, int64_t until) const = 0;
};

}  // namespace sluice
