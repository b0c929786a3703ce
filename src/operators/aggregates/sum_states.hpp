// States of count, sum, avg, bool_and and bool_or (fold_accumulator.hpp). Sums are exact: integers
// in 128 bits, numerics in 192 bits per scale, and range is checked when a result is read. Plain
// values.
#pragma once

#include <memory>
#include <vector>

#include "data/numeric.hpp"
#include "operators/aggregates/fold_accumulator.hpp"

namespace sluice {

// count(x).
struct CountState {
  using Value = void;
  static constexpr bool has_heap = false;
  static constexpr bool counts_nulls = false;

  void add() { ++count; }
  void subtract() { --count; }
  void merge(const CountState& other) { count += other.count; }
  void unmerge(const CountState& other) { count -= other.count; }
  Status finish(const FinishContext& context, ColumnBuilder& out) const;
  void save(std::string& out) const { append_value(count, out); }
  void load(StateBytesReader& bytes) { count = bytes.take<int64_t>(); }

  int64_t count = 0;
};

// count(*) with a FILTER.
struct RowCountState : CountState {
  static constexpr bool counts_nulls = true;
};

// sum and avg of integer and bigint.
template <class Integer>
struct IntegerSumState {
  using Value = Integer;
  static constexpr bool has_heap = false;

  void add(Integer value) { change(value, 1); }
  void subtract(Integer value) { change(-Int128{value}, -1); }
  void merge(const IntegerSumState& other) { change(other.sum(), other.count); }
  void unmerge(const IntegerSumState& other) { change(-other.sum(), -other.count); }
  Status finish(const FinishContext& context, ColumnBuilder& out) const;
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

// sum and avg of double precision. `sum` is what adding one by one gives, as in PostgreSQL; with
// `error`, what rounding lost on the way, rows can be taken back without leaving a residue.
struct DoubleSumState {
  using Value = double;
  static constexpr bool has_heap = false;

  void add(double value) { change(value, 1); }
  void subtract(double value) { change(value, -1); }
  void merge(const DoubleSumState& other) { change(other, 1); }
  void unmerge(const DoubleSumState& other) { change(other, -1); }
  Status finish(const FinishContext& context, ColumnBuilder& out) const;
  void save(std::string& out) const;
  void load(StateBytesReader& bytes);

  void change(double value, int direction);
  void change(const DoubleSumState& other, int direction);
  void add_finite(double value);

  double sum = 0;
  double error = 0;
  int64_t count = 0;  // of all values, the special ones too
  int64_t nans = 0;
  int64_t infinities = 0;
  int64_t minus_infinities = 0;
};

// sum and avg of numeric. Values of one scale are summed apart from those of another, so that the
// scale of the result shrinks again when the last row of a scale is taken back.
struct NumericSumState {
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
  };

  void add(const Numeric& value) { change(value, 1); }
  void subtract(const Numeric& value) { change(value, -1); }
  void merge(const NumericSumState& other) { change(other, 1); }
  void unmerge(const NumericSumState& other) { change(other, -1); }
  Status finish(const FinishContext& context, ColumnBuilder& out) const;
  void save(std::string& out) const;
  void load(StateBytesReader& bytes);
  uint64_t heap_bytes() const { return more ? more->capacity() * sizeof(Part) : 0; }

  void change(const Numeric& value, int direction);
  void change(const NumericSumState& other, int direction);
  Part& part(uint8_t scale);
  template <class Visitor>
  void for_each_part(Visitor visitor) const;
  Result<Numeric> total(int64_t& count) const;

  Part first;
  std::unique_ptr<std::vector<Part>> more;  // of other scales than the first value's
};

// sum and avg of interval: months, days and time apart, as PostgreSQL does. Infinite intervals are
// only counted.
struct IntervalSumState {
  using Value = Interval;
  static constexpr bool has_heap = false;

  void add(const Interval& value) { change(value, 1); }
  void subtract(const Interval& value) { change(value, -1); }
  void merge(const IntervalSumState& other) { change(other, 1); }
  void unmerge(const IntervalSumState& other) { change(other, -1); }
  Status finish(const FinishContext& context, ColumnBuilder& out) const;
  void save(std::string& out) const;
  void load(StateBytesReader& bytes);

  void change(const Interval& value, int direction);
  void change(const IntervalSumState& other, int direction);
  Result<Interval> total() const;

  int64_t months = 0;
  int64_t days = 0;
  IntegerSumState<int64_t> microseconds;  // and the number of all values
  int64_t infinite = 0;
  int64_t minus_infinite = 0;
};

// bool_and and bool_or.
struct BooleanState {
  using Value = uint8_t;
  static constexpr bool has_heap = false;

  void add(uint8_t value) { ++(value != 0 ? trues : falses); }
  void subtract(uint8_t value) { --(value != 0 ? trues : falses); }
  void merge(const BooleanState& other) { change(other, 1); }
  void unmerge(const BooleanState& other) { change(other, -1); }
  Status finish(const FinishContext& context, ColumnBuilder& out) const;
  void save(std::string& out) const;
  void load(StateBytesReader& bytes);

  void change(const BooleanState& other, int direction) {
    trues += direction * other.trues;
    falses += direction * other.falses;
  }

  int64_t trues = 0;
  int64_t falses = 0;
};

}  // namespace sluice
