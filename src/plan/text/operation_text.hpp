// Words that the texts of several operations have in common. Pure.
#pragma once

#include <string>
#include <vector>

#include "plan/properties.hpp"

namespace sluice {

// "[id, day]"
std::string list_text(const Columns& columns, const std::vector<std::string>& names);
// " ttl 1d"; empty for ever.
std::string ttl_text(int64_t ttl_us);
// " every 10s"; empty when it is not asked for.
std::string every_text(int64_t emit_every_us);
// " late accept 1m then dead_letter"
std::string late_text(const LatePolicy& late);

}  // namespace sluice
