// When the clocks of a zone come to a local time, which they may pass twice or leap over.
// Infinities map to themselves. Pure.
#pragma once

#include "values/time/time_zone.hpp"

namespace sluice {

// The first instant at which they read it, or a later time.
int64_t first_reach(const TimeZone& zone, int64_t local_us);
// The first instant from which on they read no earlier time.
int64_t last_reach(const TimeZone& zone, int64_t local_us);

}  // namespace sluice
