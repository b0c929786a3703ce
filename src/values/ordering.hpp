// Ordering: how SQL compares two values of a type, for comparison operators, IN, GREATEST and
// LEAST. Each gives the representation of its values, `equal` and `compare`. Pure functions.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <string_view>

#include "values/number/numeric.hpp"
#include "values/type.hpp"

namespace sluice {

// Booleans, integers, dates and times: false before true, -infinity and infinity at the ends.
template <class T>
struct PlainOrdering {
  using Value = T;
  static bool equal(T left, T right) { return left == right; }
  static std::strong_ordering compare(T left, T right) { return left <=> right; }
};

// NaN equals NaN and is greatest; -0 equals 0.
struct DoubleOrdering {
  using Value = double;
  static bool equal(double left, double right) { return compare(left, right) == 0; }
  static std::strong_ordering compare(double left, double right) {
    if (left < right) return std::strong_ordering::less;
    if (left > right) return std::strong_ordering::greater;
    if (left == right) return std::strong_ordering::equal;
    return std::isnan(left) <=> std::isnan(right);
  }
};

struct NumericOrdering {
  using Value = Numeric;
  static bool equal(const Numeric& left, const Numeric& right) { return left.compare(right) == 0; }
  static std::strong_ordering compare(const Numeric& left, const Numeric& right) {
    return left.compare(right);
  }
};

// C collation: by bytes.
struct TextOrdering {
  using Value = std::string_view;
  static bool equal(std::string_view left, std::string_view right) { return left == right; }
  static std::strong_ordering compare(std::string_view left, std::string_view right) {
    return left.compare(right) <=> 0;
  }
};

// A month counts as 30 days, a day as 24 hours.
struct IntervalOrdering {
  using Value = Interval;
  static Int128 length_us(const Interval& value) {
    constexpr int64_t day_us = 86'400'000'000;
    const int64_t days = int64_t{value.months} * 30 + value.days;
    return static_cast<Int128>(days) * day_us + value.microseconds;
  }
  static bool equal(const Interval& left, const Interval& right) {
    return length_us(left) == length_us(right);
  }
  static std::strong_ordering compare(const Interval& left, const Interval& right) {
    return length_us(left) <=> length_us(right);
  }
};

// The order of PostgreSQL's jsonb btree, on canonical texts (jsonb_order.cpp).
struct JsonbOrdering {
  using Value = std::string_view;
  static bool equal(std::string_view left, std::string_view right) {
    return left == right || compare(left, right) == 0;
  }
  static std::strong_ordering compare(std::string_view left, std::string_view right);
};

// Calls visitor(Ordering{}, type) for every type.
template <class Visitor>
void for_each_ordering(Visitor visitor) {
  visitor(PlainOrdering<bool>{}, Type{TypeKind::boolean});
  visitor(PlainOrdering<int32_t>{}, Type{TypeKind::integer});
  visitor(PlainOrdering<int64_t>{}, Type{TypeKind::bigint});
  visitor(DoubleOrdering{}, Type{TypeKind::double_precision});
  visitor(NumericOrdering{}, Type{TypeKind::numeric});
  visitor(TextOrdering{}, Type{TypeKind::text});
  visitor(PlainOrdering<int32_t>{}, Type{TypeKind::date});
  visitor(PlainOrdering<int64_t>{}, Type{TypeKind::timestamp});
  visitor(PlainOrdering<int64_t>{}, Type{TypeKind::timestamptz});
  visitor(IntervalOrdering{}, Type{TypeKind::interval});
  visitor(JsonbOrdering{}, Type{TypeKind::jsonb});
}

}  // namespace sluice
