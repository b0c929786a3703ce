#include "values/canonical_value.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/assert.hpp"
#include "values/ordering.hpp"
#include "values/time/calendar.hpp"

namespace sluice {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Past the string that starts at `at`, in canonical JSON.
size_t end_of_string(std::string_view json, size_t at) {
  for (++at; json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

// Numbers of jsonb have no exponent: a fraction is a point and digits.
std::string_view without_trailing_zeros(std::string_view number) {
  if (number.find('.') == std::string_view::npos) return number;
  while (number.back() == '0') number.remove_suffix(1);
  if (number.back() == '.') number.remove_suffix(1);
  return number;
}

// How many `unit_us` fit into `length`, within T; what is left of it stays there.
template <class T>
T take_units(Int128& length, int64_t unit_us) {
  const Int128 units = std::clamp<Int128>(length / unit_us, std::numeric_limits<T>::min(),
                                          std::numeric_limits<T>::max());
  length -= units * unit_us;
  return static_cast<T>(units);
}

}  // namespace

bool has_several_forms(const Type& type) {
  return type.kind == TypeKind::numeric || type.kind == TypeKind::double_precision ||
         type.kind == TypeKind::interval || type.kind == TypeKind::jsonb;
}

double canonical(double value) {
  if (std::isnan(value)) return std::numeric_limits<double>::quiet_NaN();
  return value == 0 ? 0.0 : value;
}

Interval canonical(const Interval& value) {
  Int128 length = IntervalOrdering::length_us(value);
  Interval result;
  result.months = take_units<int32_t>(length, days_per_month * us_per_day);
  result.days = take_units<int32_t>(length, us_per_day);
  result.microseconds = take_units<int64_t>(length, 1);
  SLUICE_ASSERT(length == 0, "an interval holds its own length");
  return result;
}

void append_canonical_jsonb(std::string_view jsonb, std::string& out) {
  for (size_t at = 0; at < jsonb.size();) {
    size_t end = at + 1;
    if (jsonb[at] == '"') {
      end = end_of_string(jsonb, at);
      out += jsonb.substr(at, end - at);
    } else if (is_digit(jsonb[at])) {
      while (end < jsonb.size() && (is_digit(jsonb[end]) || jsonb[end] == '.')) ++end;
      out += without_trailing_zeros(jsonb.substr(at, end - at));
    } else {
      out += jsonb[at];
    }
    at = end;
  }
}

}  // namespace sluice
