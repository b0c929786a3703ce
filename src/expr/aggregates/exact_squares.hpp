// What variances of integer, bigint and numeric fold their rows into (fold_accumulator.hpp): how
// many values, their sum and the sum of their squares, exact. Plain value.
#pragma once

#include "expr/aggregates/accumulator.hpp"
#include "expr/aggregates/parts_by_scale.hpp"
#include "expr/aggregates/signed_wide.hpp"
#include "values/number/numeric.hpp"

namespace sluice {

// What is asked of the squares.
struct Spread {
  bool of_sample = false;     // divided by one less than the number of values
  bool is_deviation = false;  // the root of the variance
};

struct ExactSquares {
  static constexpr bool has_heap = true;

  void merge(const ExactSquares& other) { change(other, 1); }
  void unmerge(const ExactSquares& other) { change(other, -1); }
  void save(std::string& out) const;
  void load(StateBytesReader& bytes);
  uint64_t heap_bytes() const { return parts_.heap_bytes(); }

  // With the scale and the rounding of PostgreSQL, but of no more than 38 digits: those behind them
  // are rounded away. NULL where it is not defined. Error value_out_of_range: more than 38 digits
  // before the point.
  Status append(Spread spread, ColumnBuilder& out) const;

  void change(const Numeric& value, int direction);
  void change(const ExactSquares& other, int direction);

 private:
  using Sum = SignedWide<3>;
  using Squares = SignedWide<5>;
  struct Part {
    Sum sum;
    Squares squares;
    int64_t count = 0;
    uint8_t scale = 0;

    void save(std::string& out) const;
    bool load(StateBytesReader& bytes);
  };
  struct Total;

  PartsByScale<Part> parts_;
  int64_t specials_ = 0;  // NaN and the infinities
};

// Of values of one representation.
template <class Of, Spread spread>
struct ExactSpread : ExactSquares {
  using Value = Of;

  void add(const Value& value) { change(numeric(value), 1); }
  void subtract(const Value& value) { change(numeric(value), -1); }
  Status finish(AccumulatorMode, ColumnBuilder& out) const { return append(spread, out); }

 private:
  static Numeric numeric(int64_t value) { return Numeric::from_int64(value); }
  static const Numeric& numeric(const Numeric& value) { return value; }
};

}  // namespace sluice
