// Of equal values that are written differently (numeric 1.0 and 1.00, '1 day' and '24:00:00', 0 and
// -0), the one that stands for all. Keys that leave the engine are made of these, so that what is
// one key in SQL is one key in every target and in every epoch. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "values/number/numeric.hpp"
#include "values/type.hpp"

namespace sluice {

// Whether equal values of the type may differ in what they print.
bool has_several_forms(const Type& type);

double canonical(double value);
// Without trailing fractional zeros.
inline Numeric canonical(const Numeric& value) { return value.normalized(); }
// Days and months of 24 hours and 30 days, as many as fit, all of one sign.
Interval canonical(const Interval& value);
// Appends jsonb text with its numbers without trailing fractional zeros; `jsonb` is what jsonb
// columns hold.
void append_canonical_jsonb(std::string_view jsonb, std::string& out);

}  // namespace sluice
