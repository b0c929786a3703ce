// Total orders of the types that min and max take: SQL's order, and among values that are equal in
// SQL but print differently (1.0 and 1.00) one fixed order, so that the result does not depend on
// which came first. Each names the Stored form that owns its bytes. Pure functions.
#pragma once

#include <cmath>
#include <string>

#include "data/column.hpp"
#include "state/state_bytes.hpp"
#include "values/ordering.hpp"

namespace sluice {

template <class T>
struct PlainOrder {
  using Value = T;
  using Stored = T;
  static bool less(T left, T right) { return left < right; }
};

// The smaller zero first.
struct DoubleOrder {
  using Value = double;
  using Stored = double;
  static bool less(double left, double right) {
    const auto order = DoubleOrdering::compare(left, right);
    return order == 0 ? std::signbit(left) && !std::signbit(right) : order < 0;
  }
};

// The smaller scale first.
struct NumericOrder {
  using Value = Numeric;
  using Stored = Numeric;
  static bool less(const Numeric& left, const Numeric& right) {
    const auto order = left.compare(right);
    return order == 0 ? left.scale() < right.scale() : order < 0;
  }
};

struct TextOrder {
  using Value = std::string_view;
  using Stored = std::string;
  static bool less(std::string_view left, std::string_view right) { return left < right; }
};

// The fewer months, then days first.
struct IntervalOrder {
  using Value = Interval;
  using Stored = Interval;
  static bool less(const Interval& left, const Interval& right) {
    const auto order = IntervalOrdering::compare(left, right);
    if (order != 0) return order < 0;
    return left.months != right.months ? left.months < right.months : left.days < right.days;
  }
};

// Stored values as bytes of state.
template <class Stored>
void append_stored(const Stored& value, std::string& out) {
  append_value(value, out);
}
inline void append_stored(const std::string& value, std::string& out) { append_text(value, out); }
inline void append_stored(const Numeric& value, std::string& out) {
  append_value(value.kind(), out);
  append_value(value.scale(), out);
  append_value(value.coefficient(), out);
}

template <class Stored>
void take_stored(StateBytesReader& bytes, Stored& value) {
  value = bytes.take<Stored>();
}
inline void take_stored(StateBytesReader& bytes, std::string& value) { value = bytes.take_text(); }
inline void take_stored(StateBytesReader& bytes, Numeric& value) {
  const auto kind = bytes.take<Numeric::Kind>();
  const auto scale = bytes.take<uint8_t>();
  const auto coefficient = bytes.take<Int128>();
  if (kind > Numeric::Kind::minus_infinity || scale > Numeric::max_digits) return bytes.reject();
  value = kind == Numeric::Kind::finite ? Numeric(coefficient, scale) : Numeric::special(kind);
}

// Memory that a stored value owns.
template <class Stored>
uint64_t owned_bytes(const Stored&) {
  return 0;
}
inline uint64_t owned_bytes(const std::string& value) {
  return value.capacity() > sizeof(std::string) / 2 - 1 ? value.capacity() + 1 : 0;
}

// Appends a stored value to a column of its type.
template <class Stored>
void append_to(ColumnBuilder& out, const Stored& value) {
  out.append<Stored>(value);
}
inline void append_to(ColumnBuilder& out, const std::string& value) { out.append_copy(value); }

}  // namespace sluice
