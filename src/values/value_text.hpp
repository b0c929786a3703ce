// PostgreSQL's input and output of scalar values as text: casts, decoders, encoders, tests and
// messages share it. Numeric has its own (values/number/numeric.hpp). Pure functions; the zone is a
// borrowed TimeZone. Errors: invalid_text, value_out_of_range.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "memory/allowance.hpp"
#include "values/time/time_zone.hpp"
#include "values/type.hpp"

namespace sluice {

Result<bool> parse_boolean(std::string_view text);
Result<int32_t> parse_integer(std::string_view text);
Result<int64_t> parse_bigint(std::string_view text);
Result<double> parse_double(std::string_view text);
Result<int32_t> parse_date(std::string_view text);
Result<int64_t> parse_timestamp(std::string_view text);
// Text without a zone is read in `zone`. Accepts ISO 8601 with T, Z and offsets, as PostgreSQL
// does.
Result<int64_t> parse_timestamptz(std::string_view text, const TimeZone& zone);
Result<Interval> parse_interval(std::string_view text);
// Validates and canonicalises (key order, spacing, numbers) as PostgreSQL's jsonb_in / jsonb_out.
Result<std::string> canonical_jsonb(std::string_view text);
// The same within an allowance (JsonbCanonicalizer). Throws AllowanceExceeded.
Result<std::string> canonical_jsonb(std::string_view text, Allowance& allowance);

// Append the text form to `out`.
void format_double(double value, std::string& out);
void format_date(int32_t days, std::string& out);
void format_timestamp(int64_t microseconds, std::string& out);
void format_timestamptz(int64_t microseconds, const TimeZone& zone, std::string& out);
void format_interval(const Interval& value, std::string& out);

// Valid UTF-8 without NUL: what a text column may hold.
bool is_valid_text(std::string_view bytes);

}  // namespace sluice
