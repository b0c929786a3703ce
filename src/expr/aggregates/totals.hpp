// What sum and avg fold their rows into (fold_accumulator.hpp); how it is read is theirs. Totals
// are exact: integers in 128 bits, numerics in 192 bits per scale, and range is checked when a
// result is read. Plain values.
#pragma once

#include "expr/aggregates/fold_accumulator.hpp"
#include "expr/aggregates/parts_by_scale.hpp"
#include "values/number/numeric.hpp"

namespace sluice {

// Error value_out_of_range: more than 38 digits.
Result<Numeric> numeric_of(Int128 value);

// Over no values the result is NULL, whatever else it would be.
template <class T>
Status append_result(int64_t values, const Result<T>& result, ColumnBuilder& out) {
  if (values <= 0) {
    out.append_null();
    return {};
  }
  if (!result) return fail(result.error());
  out.append<T>(*result);
  return {};
}

// Of integer and bigint.
template <class Integer>
struct IntegerTotal {
  using Value = Integer;
  static constexpr bool has_heap = false;

  void add(Integer value) { change(value, 1); }
  void subtract(Integer value) { change(-Int128{value}, -1); }
  void merge(const IntegerTotal& other) { change(other.sum(), other.count); }
  void unmerge(const IntegerTotal& other) { change(-other.sum(), -other.count); }
  void save(std::string& out) const;
  void load(StateBytesReader& bytes);

  Int128 sum() const {
    return static_cast<Int128>((static_cast<unsigned __int128>(high) << 64) | low);
  }
  void change(Int128 value, int64_t values) {
    const Int128 total = sum() + value;
    low = static_cast<uint64_t>(total);
    high = static_cast<uint64_t>(total >> 64);
    count += values;
  }

  // In two halves: a whole one would align every state to 16 bytes.
  uint64_t low = 0;
  uint64_t high = 0;
  int64_t count = 0;
};

// Of double precision. `sum` is what adding one by one gives, as in PostgreSQL; with
// `error`, what rounding lost on the way, rows can be taken back without leaving a residue.
struct DoubleTotal {
  using Value = double;
  static constexpr bool has_heap = false;

  void add(double value) { change(value, 1); }
  void subtract(double value) { change(value, -1); }
  void merge(const DoubleTotal& other) { change(other, 1); }
  void unmerge(const DoubleTotal& other) { change(other, -1); }
  void save(std::string& out) const;
  void load(StateBytesReader& bytes);

  // Error value_out_of_range: overflow.
  Result<double> total(AccumulatorMode mode) const;

  void change(double value, int direction);
  void change(const DoubleTotal& other, int direction);
  void add_finite(double value);

  double sum = 0;
  double error = 0;
  int64_t count = 0;  // of all values, the special ones too
  int64_t nans = 0;
  int64_t infinities = 0;
  int64_t minus_infinities = 0;
};

// Of numeric.
struct NumericTotal {
  using Value = Numeric;
  static constexpr bool has_heap = true;

  struct Part {
    uint64_t low = 0;
    uint64_t middle = 0;
    int64_t high = 0;
    int64_t count = 0;
    uint8_t scale = 0;

    void add(Int128 value);
    void add(const Part& other, int direction);
    void save(std::string& out) const;
    bool load(StateBytesReader& bytes);
  };

  void add(const Numeric& value) { change(value, 1); }
  void subtract(const Numeric& value) { change(value, -1); }
  void merge(const NumericTotal& other) { change(other, 1); }
  void unmerge(const NumericTotal& other) { change(other, -1); }
  void save(std::string& out) const { parts.save(out); }
  void load(StateBytesReader& bytes) { parts.load(bytes); }
  uint64_t heap_bytes() const { return parts.heap_bytes(); }

  int64_t count() const;
  // Error value_out_of_range: more than 38 digits.
  Result<Numeric> total() const;

  void change(const Numeric& value, int direction);
  void change(const NumericTotal& other, int direction);

  PartsByScale<Part> parts;
};

// Of interval: months, days and time apart, as PostgreSQL does. Infinite intervals are
// only counted.
struct IntervalTotal {
  using Value = Interval;
  static constexpr bool has_heap = false;

  void add(const Interval& value) { change(value, 1); }
  void subtract(const Interval& value) { change(value, -1); }
  void merge(const IntervalTotal& other) { change(other, 1); }
  void unmerge(const IntervalTotal& other) { change(other, -1); }
  void save(std::string& out) const;
  void load(StateBytesReader& bytes);

  void change(const Interval& value, int direction);
  int64_t count() const { return microseconds.count; }
  // Error value_out_of_range.
  Result<Interval> total() const;

  void change(const IntervalTotal& other, int direction);

  int64_t months = 0;
  int64_t days = 0;
  IntegerTotal<int64_t> microseconds;  // and the number of all values
  int64_t infinite = 0;
  int64_t minus_infinite = 0;
};

}  // namespace sluice
