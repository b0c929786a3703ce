// The values of columns as text, and text into columns: PostgreSQL's input and output for every
// type (values/value_text.hpp). Pure functions; the zone is a borrowed TimeZone. Errors:
// invalid_text, value_out_of_range.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "data/column.hpp"
#include "values/time/time_zone.hpp"
#include "values/type.hpp"

namespace sluice {

// Appends a value that is not NULL, as a cast to text gives it (booleans as true and false).
void format_value(const Column& column, size_t row, const TimeZone& zone, std::string& out);

// Parses `text` as `type` and appends it to `builder`.
Status append_parsed(Type type, std::string_view text, const TimeZone& zone,
                     ColumnBuilder& builder);

}  // namespace sluice
