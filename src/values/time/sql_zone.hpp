// Time zones as SQL names them in AT TIME ZONE: abbreviations, IANA names in any case, and what
// POSIX writes, whose offsets count west of UTC. Pure function.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

// Error invalid_argument.
Result<TimeZone> find_sql_zone(std::string_view name);

}  // namespace sluice
