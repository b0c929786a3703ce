// avg.
#include "expr/aggregates/folding.hpp"
#include "expr/aggregates/totals.hpp"
#include "expr/function_registry.hpp"
#include "values/number/numeric_arithmetic.hpp"
#include "values/time/datetime_arithmetic.hpp"

namespace sluice {

namespace {

// Over no values an Error, which append_result does not look at.
template <class T, class Divisor>
Result<T> quotient(const Result<T>& sum, Divisor count) {
  if (!sum) return fail(sum.error());
  return divide(*sum, count);
}

template <class Integer>
struct IntegerAverage : IntegerTotal<Integer> {
  Status finish(AccumulatorMode, ColumnBuilder& out) const {
    const auto average = quotient(numeric_of(this->sum()), Numeric::from_int64(this->count));
    return append_result(this->count, average, out);
  }
};

struct DoubleAverage : DoubleTotal {
  Status finish(AccumulatorMode mode, ColumnBuilder& out) const {
    Result<double> average = total(mode);
    if (average) *average /= static_cast<double>(count);
    return append_result(count, average, out);
  }
};

struct NumericAverage : NumericTotal {
  Status finish(AccumulatorMode, ColumnBuilder& out) const {
    return append_result(count(), quotient(total(), Numeric::from_int64(count())), out);
  }
};

struct IntervalAverage : IntervalTotal {
  Status finish(AccumulatorMode, ColumnBuilder& out) const {
    return append_result(count(), quotient(total(), static_cast<double>(count())), out);
  }
};

}  // namespace

void register_avg(FunctionRegistry& registry) {
  const auto add = [&](TypeKind argument, TypeKind result, AccumulatorFactory accumulate) {
    registry.aggregates().add({.name = "avg",
                               .arguments = {Type{argument}},
                               .result = Type{result},
                               .accumulate = accumulate,
                               .help = "the average; exact but for double precision"});
  };
  using enum TypeKind;
  add(integer, numeric, fold<IntegerAverage<int32_t>>);
  add(bigint, numeric, fold<IntegerAverage<int64_t>>);
  add(numeric, numeric, fold<NumericAverage>);
  add(double_precision, double_precision, fold<DoubleAverage>);
  add(interval, interval, fold<IntervalAverage>);
}

}  // namespace sluice
