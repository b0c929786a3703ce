// A warning of patterns like 'yyyy-MM-dd HH:mm:ss' in to_char and its like: as Java writes them, mm
// is the minute; here it is the month.
#pragma once

#include "sql/bind_state.hpp"

namespace sluice {

// Of a bound call of any function.
void warn_of_month_for_minute(BindState& state, const Bound& bound);

}  // namespace sluice
