// Values of any type as canonical jsonb, as to_jsonb makes them. Pure functions.
#pragma once

#include <string>

#include "data/column.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

// Appends a column's value: null of NULL, times in ISO 8601 with T.
void append_jsonb_value(const Column& column, size_t row, const TimeZone& zone, std::string& out);
// Appends a column's value, which is neither NULL nor jsonb, as the key of an object, in quotes.
void append_jsonb_key(const Column& column, size_t row, const TimeZone& zone, std::string& out);

}  // namespace sluice
