// Values as their type's output writes them, and as constants of SQL. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "data/column.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

// Appends a value that is not NULL. Not always what a cast to text gives: a boolean is t or f.
void append_output(const Column& column, size_t row, const TimeZone& zone, std::string& out);
// 'it''s', with E in front when there are backslashes.
void append_quoted_literal(std::string_view value, std::string& out);

}  // namespace sluice
