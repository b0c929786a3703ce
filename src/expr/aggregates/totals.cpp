#include "expr/aggregates/totals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "values/time/infinite_interval.hpp"

namespace sluice {

namespace {

// The parts of a numeric sum that are no numbers count under scales that no number has.
constexpr uint8_t first_special_scale = 64;

uint8_t special_scale(Numeric::Kind kind) {
  return static_cast<uint8_t>(first_special_scale + static_cast<uint8_t>(kind));
}

bool is_part_scale(uint8_t scale) {
  return scale <= Numeric::max_digits ||
         (scale > first_special_scale && scale <= special_scale(Numeric::Kind::minus_infinity));
}

Unexpected fail_digits() {
  return fail(ErrorCode::value_out_of_range, "a numeric result needs more than 38 digits");
}

}  // namespace

Result<Numeric> numeric_of(Int128 value) {
  static const Int128 limit = [] {
    Int128 power = 1;
    for (int i = 0; i < Numeric::max_digits; ++i) power *= 10;
    return power;
  }();
  if (value < limit && value > -limit) return Numeric(value, 0);
  return fail_digits();
}

template <class Integer>
void IntegerTotal<Integer>::save(std::string& out) const {
  append_value(low, out);
  append_value(high, out);
  append_value(count, out);
}

template <class Integer>
void IntegerTotal<Integer>::load(StateBytesReader& bytes) {
  low = bytes.take<uint64_t>();
  high = bytes.take<uint64_t>();
  count = bytes.take<int64_t>();
}

template struct IntegerTotal<int32_t>;
template struct IntegerTotal<int64_t>;

void DoubleTotal::add_finite(double value) {
  const double total = sum + value;
  const double smaller = std::fabs(sum) >= std::fabs(value) ? value : sum;
  const double larger = std::fabs(sum) >= std::fabs(value) ? sum : value;
  error += (larger - total) + smaller;
  sum = total;
}

void DoubleTotal::change(double value, int direction) {
  count += direction;
  if (std::isfinite(value)) [[likely]]
    return add_finite(direction > 0 ? value : -value);
  int64_t& specials = std::isnan(value) ? nans : value > 0 ? infinities : minus_infinities;
  specials += direction;
}

void DoubleTotal::change(const DoubleTotal& other, int direction) {
  add_finite(direction * other.sum);
  error += direction * other.error;
  count += direction * other.count;
  nans += direction * other.nans;
  infinities += direction * other.infinities;
  minus_infinities += direction * other.minus_infinities;
}

Result<double> DoubleTotal::total(AccumulatorMode mode) const {
  if (nans > 0 || (infinities > 0 && minus_infinities > 0)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (infinities > 0 || minus_infinities > 0) {
    return std::numeric_limits<double>::infinity() * (infinities > 0 ? 1 : -1);
  }
  const double total = mode == AccumulatorMode::retractable ? sum + error : sum;
  if (std::isfinite(total)) return total;
  return fail(ErrorCode::value_out_of_range, "value out of range: overflow");
}

void DoubleTotal::save(std::string& out) const {
  append_value(sum, out);
  append_value(error, out);
  for (const int64_t number : {count, nans, infinities, minus_infinities}) {
    append_value(number, out);
  }
}

void DoubleTotal::load(StateBytesReader& bytes) {
  sum = bytes.take<double>();
  error = bytes.take<double>();
  for (int64_t* number : {&count, &nans, &infinities, &minus_infinities}) {
    *number = bytes.take<int64_t>();
  }
}

void NumericTotal::Part::add(Int128 value) {
  const auto before = (static_cast<unsigned __int128>(middle) << 64) | low;
  const auto after = before + static_cast<unsigned __int128>(value);
  low = static_cast<uint64_t>(after);
  middle = static_cast<uint64_t>(after >> 64);
  high += (value < 0 ? -1 : 0) + (after < before ? 1 : 0);
}

void NumericTotal::Part::add(const Part& other, int direction) {
  const auto halves = (static_cast<unsigned __int128>(other.middle) << 64) | other.low;
  const auto before = (static_cast<unsigned __int128>(middle) << 64) | low;
  const auto after = direction > 0 ? before + halves : before - halves;
  const int64_t carry = direction > 0 ? (after < before ? 1 : 0) : (after > before ? -1 : 0);
  low = static_cast<uint64_t>(after);
  middle = static_cast<uint64_t>(after >> 64);
  high += direction * other.high + carry;
  count += direction * other.count;
}

void NumericTotal::Part::save(std::string& out) const {
  append_value(low, out);
  append_value(middle, out);
  append_value(high, out);
  append_value(count, out);
  append_value(scale, out);
}

bool NumericTotal::Part::load(StateBytesReader& bytes) {
  low = bytes.take<uint64_t>();
  middle = bytes.take<uint64_t>();
  high = bytes.take<int64_t>();
  count = bytes.take<int64_t>();
  scale = bytes.take<uint8_t>();
  return is_part_scale(scale);
}

void NumericTotal::change(const Numeric& value, int direction) {
  Part& sum = parts.at(value.is_finite() ? value.scale() : special_scale(value.kind()));
  if (value.is_finite()) sum.add(direction * value.coefficient());
  sum.count += direction;
}

void NumericTotal::change(const NumericTotal& other, int direction) {
  other.parts.for_each([&](const Part& from) { parts.at(from.scale).add(from, direction); });
}

int64_t NumericTotal::count() const {
  int64_t count = 0;
  parts.for_each([&](const Part& part) { count += part.count; });
  return count;
}

// By ascending scale.
Result<Numeric> NumericTotal::total() const {
  std::vector<Part> sorted;
  parts.for_each([&](const Part& part) { sorted.push_back(part); });
  std::sort(sorted.begin(), sorted.end(),
            [](const Part& left, const Part& right) { return left.scale < right.scale; });
  Numeric sum;
  for (const Part& part : sorted) {
    Numeric value;
    if (part.scale >= first_special_scale) {
      value = Numeric::special(static_cast<Numeric::Kind>(part.scale - first_special_scale));
    } else {
      const auto whole =
          static_cast<Int128>((static_cast<unsigned __int128>(part.middle) << 64) | part.low);
      if (part.high != (whole < 0 ? -1 : 0)) return fail_digits();
      SLUICE_ASSIGN(const Numeric in_range, numeric_of(whole));
      value = Numeric(in_range.coefficient(), part.scale);
    }
    SLUICE_ASSIGN(sum, Numeric::add(sum, value));
  }
  return sum;
}

void IntervalTotal::change(const Interval& value, int direction) {
  if (is_infinite(value)) {
    (value == interval_infinity ? infinite : minus_infinite) += direction;
    return microseconds.change(Int128{0}, direction);
  }
  months += int64_t{direction} * value.months;
  days += int64_t{direction} * value.days;
  microseconds.change(Int128{direction} * value.microseconds, direction);
}

void IntervalTotal::change(const IntervalTotal& other, int direction) {
  months += direction * other.months;
  days += direction * other.days;
  microseconds.change(direction * other.microseconds.sum(), direction * other.microseconds.count);
  infinite += direction * other.infinite;
  minus_infinite += direction * other.minus_infinite;
}

Result<Interval> IntervalTotal::total() const {
  const Interval sum{static_cast<int32_t>(months), static_cast<int32_t>(days),
                     static_cast<int64_t>(microseconds.sum())};
  const bool fits =
      sum.months == months && sum.days == days && sum.microseconds == microseconds.sum();
  if (!fits || is_infinite(sum) || (infinite > 0 && minus_infinite > 0)) {
    return fail(ErrorCode::value_out_of_range, "interval out of range");
  }
  if (infinite > 0) return interval_infinity;
  return minus_infinite > 0 ? interval_minus_infinity : sum;
}

void IntervalTotal::save(std::string& out) const {
  append_value(months, out);
  append_value(days, out);
  microseconds.save(out);
  append_value(infinite, out);
  append_value(minus_infinite, out);
}

void IntervalTotal::load(StateBytesReader& bytes) {
  months = bytes.take<int64_t>();
  days = bytes.take<int64_t>();
  microseconds.load(bytes);
  infinite = bytes.take<int64_t>();
  minus_infinite = bytes.take<int64_t>();
}

}  // namespace sluice
