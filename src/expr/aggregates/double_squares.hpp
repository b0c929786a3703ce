// What variances of double precision fold their rows into (fold_accumulator.hpp): the method of
// Youngs and Cramer, as PostgreSQL: the last bits are those of adding one by one. It cannot take
// rows back without leaving a residue. Plain value.
#pragma once

#include <cmath>
#include <limits>

#include "expr/aggregates/exact_squares.hpp"

namespace sluice {

struct DoubleSquares {
  using Value = double;
  static constexpr bool has_heap = false;

  void add(double value) {
    if (!std::isfinite(value)) {
      ++specials;
      return;
    }
    count += 1;
    sum += value;
    if (count == 1) return;
    const double difference = value * count - sum;
    squares += difference * difference / (count * (count - 1));
  }
  // The method of Chan, Golub and LeVeque; a single value is better added.
  void merge(const DoubleSquares& other) {
    if (other.count == 1 && other.specials == 0) return add(other.sum);
    specials += other.specials;
    if (other.count == 0) return;
    if (count > 0) {
      const double difference = sum / count - other.sum / other.count;
      squares += count * other.count * difference * difference / (count + other.count);
    }
    count += other.count;
    sum += other.sum;
    squares += other.squares;
  }
  void save(std::string& out) const {
    for (const double part : {count, sum, squares}) append_value(part, out);
    append_value(specials, out);
  }
  void load(StateBytesReader& bytes) {
    for (double* part : {&count, &sum, &squares}) *part = bytes.take<double>();
    specials = bytes.take<int64_t>();
  }

  // NULL where it is not defined. Error value_out_of_range: overflow.
  Status append(Spread spread, ColumnBuilder& out) const {
    const double values = count + static_cast<double>(specials);
    const double divisor = spread.of_sample ? values - 1 : values;
    if (divisor <= 0) {
      out.append_null();
    } else if (specials > 0) {
      out.append<double>(std::numeric_limits<double>::quiet_NaN());
    } else if (!std::isfinite(sum) || !std::isfinite(squares)) {
      return fail(ErrorCode::value_out_of_range, "value out of range: overflow");
    } else {
      out.append<double>(spread.is_deviation ? std::sqrt(squares / divisor) : squares / divisor);
    }
    return {};
  }

  double count = 0;  // of finite values
  double sum = 0;
  double squares = 0;    // of the distances from the mean
  int64_t specials = 0;  // NaN and the infinities
};

}  // namespace sluice
