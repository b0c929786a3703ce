// A window as SQL calls it, and the windows of some times, as text for golden cases:
//   CUMULATE(1 hour, 1 day, 6 hours)   durations are PostgreSQL's intervals
//   carried by end                     rows have these windows from a step before; or start
//   zone Europe/Berlin                 else UTC
//   type timestamp                     of the time column, else timestamptz
//   2024-03-31 12:00                   a time, in UTC
// The result: what the window says of itself and the windows of each time, or what is refused.
// Pure; what holds for every window whatsoever is checked on the way and fails the running test.
#pragma once

#include <string>

namespace sluice::test {

std::string window_case_text(const std::string& input);

}  // namespace sluice::test
