#include "operators/aggregates/sum_states.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/infinite_interval.hpp"
#include "expr/checked_arithmetic.hpp"
#include "expr/datetime_arithmetic.hpp"
#include "expr/numeric_arithmetic.hpp"

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

Status append_null(ColumnBuilder& out) {
  out.append_null();
  return {};
}

template <class T>
Status append_result(const Result<T>& result, ColumnBuilder& out) {
  if (!result) return fail(result.error());
  out.append<T>(*result);
  return {};
}

Result<Numeric> average(const Result<Numeric>& sum, int64_t count) {
  if (!sum) return fail(sum.error());
  return divide(*sum, Numeric::from_int64(count));
}

Unexpected fail_digits() {
  return fail(ErrorCode::value_out_of_range, "a numeric result needs more than 38 digits");
}

Result<Numeric> numeric_of(Int128 value) {
  static const Int128 limit = [] {
    Int128 power = 1;
    for (int i = 0; i < Numeric::max_digits; ++i) power *= 10;
    return power;
  }();
  if (value < limit && value > -limit) return Numeric(value, 0);
  return fail_digits();
}

}  // namespace

Status CountState::finish(const FinishContext&, ColumnBuilder& out) const {
  out.append<int64_t>(count);
  return {};
}

template <class Integer>
Status IntegerSumState<Integer>::finish(const FinishContext& context, ColumnBuilder& out) const {
  if (count <= 0) return append_null(out);
  if (context.kind == AggregateKind::avg) {
    return append_result(average(numeric_of(sum()), count), out);
  }
  if (context.result.kind == TypeKind::numeric) return append_result(numeric_of(sum()), out);
  const auto total = static_cast<int64_t>(sum());
  if (total != sum()) return fail_integer_range<int64_t>();
  out.append<int64_t>(total);
  return {};
}

template <class Integer>
void IntegerSumState<Integer>::save(std::string& out) const {
  append_value(low, out);
  append_value(high, out);
  append_value(count, out);
}

template <class Integer>
void IntegerSumState<Integer>::load(StateBytesReader& bytes) {
  low = bytes.take<uint64_t>();
  high = bytes.take<uint64_t>();
  count = bytes.take<int64_t>();
}

template struct IntegerSumState<int32_t>;
template struct IntegerSumState<int64_t>;

void DoubleSumState::add_finite(double value) {
  const double total = sum + value;
  const double smaller = std::fabs(sum) >= std::fabs(value) ? value : sum;
  const double larger = std::fabs(sum) >= std::fabs(value) ? sum : value;
  error += (larger - total) + smaller;
  sum = total;
}

void DoubleSumState::change(double value, int direction) {
  count += direction;
  if (std::isfinite(value)) [[likely]]
    return add_finite(direction > 0 ? value : -value);
  int64_t& specials = std::isnan(value) ? nans : value > 0 ? infinities : minus_infinities;
  specials += direction;
}

void DoubleSumState::change(const DoubleSumState& other, int direction) {
  add_finite(direction * other.sum);
  error += direction * other.error;
  count += direction * other.count;
  nans += direction * other.nans;
  infinities += direction * other.infinities;
  minus_infinities += direction * other.minus_infinities;
}

Status DoubleSumState::finish(const FinishContext& context, ColumnBuilder& out) const {
  if (count <= 0) return append_null(out);
  double total = context.retractable ? sum + error : sum;
  if (nans > 0 || (infinities > 0 && minus_infinities > 0)) {
    total = std::numeric_limits<double>::quiet_NaN();
  } else if (infinities > 0 || minus_infinities > 0) {
    total = std::numeric_limits<double>::infinity() * (infinities > 0 ? 1 : -1);
  } else if (!std::isfinite(total)) {
    return fail(ErrorCode::value_out_of_range, "value out of range: overflow");
  }
  const bool is_average = context.kind == AggregateKind::avg;
  out.append<double>(is_average ? total / static_cast<double>(count) : total);
  return {};
}

void DoubleSumState::save(std::string& out) const {
  append_value(sum, out);
  append_value(error, out);
  for (const int64_t number : {count, nans, infinities, minus_infinities}) {
    append_value(number, out);
  }
}

void DoubleSumState::load(StateBytesReader& bytes) {
  sum = bytes.take<double>();
  error = bytes.take<double>();
  for (int64_t* number : {&count, &nans, &infinities, &minus_infinities}) {
    *number = bytes.take<int64_t>();
  }
}

void NumericSumState::Part::add(Int128 value) {
  const auto before = (static_cast<unsigned __int128>(middle) << 64) | low;
  const auto after = before + static_cast<unsigned __int128>(value);
  low = static_cast<uint64_t>(after);
  middle = static_cast<uint64_t>(after >> 64);
  high += (value < 0 ? -1 : 0) + (after < before ? 1 : 0);
}

void NumericSumState::Part::add(const Part& other, int direction) {
  const auto halves = (static_cast<unsigned __int128>(other.middle) << 64) | other.low;
  const auto before = (static_cast<unsigned __int128>(middle) << 64) | low;
  const auto after = direction > 0 ? before + halves : before - halves;
  const int64_t carry = direction > 0 ? (after < before ? 1 : 0) : (after > before ? -1 : 0);
  low = static_cast<uint64_t>(after);
  middle = static_cast<uint64_t>(after >> 64);
  high += direction * other.high + carry;
  count += direction * other.count;
}

NumericSumState::Part& NumericSumState::part(uint8_t scale) {
  if (first.scale == scale) return first;
  if (first.count == 0 && !more) {
    first = Part{};
    first.scale = scale;
    return first;
  }
  if (!more) more = std::make_unique<std::vector<Part>>();
  for (Part& part : *more) {
    if (part.scale == scale) return part;
  }
  more->emplace_back().scale = scale;
  return more->back();
}

template <class Visitor>
void NumericSumState::for_each_part(Visitor visitor) const {
  if (first.count != 0) visitor(first);
  if (!more) return;
  for (const Part& part : *more) {
    if (part.count != 0) visitor(part);
  }
}

void NumericSumState::change(const Numeric& value, int direction) {
  Part& sum = part(value.is_finite() ? value.scale() : special_scale(value.kind()));
  if (value.is_finite()) sum.add(direction * value.coefficient());
  sum.count += direction;
}

void NumericSumState::change(const NumericSumState& other, int direction) {
  other.for_each_part([&](const Part& from) { part(from.scale).add(from, direction); });
}

// The sum of all parts, by ascending scale.
Result<Numeric> NumericSumState::total(int64_t& count) const {
  std::vector<Part> parts;
  for_each_part([&](const Part& part) { parts.push_back(part); });
  std::sort(parts.begin(), parts.end(),
            [](const Part& left, const Part& right) { return left.scale < right.scale; });
  Numeric sum;
  for (const Part& part : parts) {
    count += part.count;
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

Status NumericSumState::finish(const FinishContext& context, ColumnBuilder& out) const {
  int64_t count = 0;
  const Result<Numeric> sum = total(count);
  if (count <= 0) return append_null(out);
  return append_result(context.kind == AggregateKind::avg ? average(sum, count) : sum, out);
}

void NumericSumState::save(std::string& out) const {
  uint8_t parts = 0;
  for_each_part([&](const Part&) { ++parts; });
  append_value(parts, out);
  for_each_part([&](const Part& part) {
    append_value(part.low, out);
    append_value(part.middle, out);
    append_value(part.high, out);
    append_value(part.count, out);
    append_value(part.scale, out);
  });
}

void NumericSumState::load(StateBytesReader& bytes) {
  for (auto parts = bytes.take<uint8_t>(); parts > 0; --parts) {
    Part loaded;
    loaded.low = bytes.take<uint64_t>();
    loaded.middle = bytes.take<uint64_t>();
    loaded.high = bytes.take<int64_t>();
    loaded.count = bytes.take<int64_t>();
    loaded.scale = bytes.take<uint8_t>();
    if (!is_part_scale(loaded.scale)) return bytes.reject();
    part(loaded.scale) = loaded;
  }
}

void IntervalSumState::change(const Interval& value, int direction) {
  if (is_infinite(value)) {
    (value == interval_infinity ? infinite : minus_infinite) += direction;
    return microseconds.change(Int128{0}, direction);
  }
  months += int64_t{direction} * value.months;
  days += int64_t{direction} * value.days;
  microseconds.change(Int128{direction} * value.microseconds, direction);
}

void IntervalSumState::change(const IntervalSumState& other, int direction) {
  months += direction * other.months;
  days += direction * other.days;
  microseconds.change(direction * other.microseconds.sum(), direction * other.microseconds.count);
  infinite += direction * other.infinite;
  minus_infinite += direction * other.minus_infinite;
}

Result<Interval> IntervalSumState::total() const {
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

Status IntervalSumState::finish(const FinishContext& context, ColumnBuilder& out) const {
  if (microseconds.count <= 0) return append_null(out);
  SLUICE_ASSIGN(const Interval sum, total());
  if (context.kind == AggregateKind::avg) {
    return append_result(divide(sum, static_cast<double>(microseconds.count)), out);
  }
  out.append<Interval>(sum);
  return {};
}

void IntervalSumState::save(std::string& out) const {
  append_value(months, out);
  append_value(days, out);
  microseconds.save(out);
  append_value(infinite, out);
  append_value(minus_infinite, out);
}

void IntervalSumState::load(StateBytesReader& bytes) {
  months = bytes.take<int64_t>();
  days = bytes.take<int64_t>();
  microseconds.load(bytes);
  infinite = bytes.take<int64_t>();
  minus_infinite = bytes.take<int64_t>();
}

Status BooleanState::finish(const FinishContext& context, ColumnBuilder& out) const {
  if (trues <= 0 && falses <= 0) return append_null(out);
  const bool result = context.kind == AggregateKind::bool_and ? falses <= 0 : trues > 0;
  out.append<uint8_t>(result ? 1 : 0);
  return {};
}

void BooleanState::save(std::string& out) const {
  append_value(trues, out);
  append_value(falses, out);
}

void BooleanState::load(StateBytesReader& bytes) {
  trues = bytes.take<int64_t>();
  falses = bytes.take<int64_t>();
}

}  // namespace sluice
