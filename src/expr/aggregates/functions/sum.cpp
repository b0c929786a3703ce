// sum.
#include "expr/aggregates/folding.hpp"
#include "expr/aggregates/totals.hpp"
#include "expr/function_registry.hpp"
#include "values/number/checked_arithmetic.hpp"

namespace sluice {

namespace {

struct IntegerSum : IntegerTotal<int32_t> {
  Status finish(AccumulatorMode, ColumnBuilder& out) const {
    return append_result(count, whole(), out);
  }
  Result<int64_t> whole() const {
    const auto total = static_cast<int64_t>(sum());
    if (total != sum()) return fail_integer_range<int64_t>();
    return total;
  }
};

struct BigintSum : IntegerTotal<int64_t> {
  Status finish(AccumulatorMode, ColumnBuilder& out) const {
    return append_result(count, numeric_of(sum()), out);
  }
};

struct DoubleSum : DoubleTotal {
  Status finish(AccumulatorMode mode, ColumnBuilder& out) const {
    return append_result(count, total(mode), out);
  }
};

struct NumericSum : NumericTotal {
  Status finish(AccumulatorMode, ColumnBuilder& out) const {
    return append_result(count(), total(), out);
  }
};

struct IntervalSum : IntervalTotal {
  Status finish(AccumulatorMode, ColumnBuilder& out) const {
    return append_result(count(), total(), out);
  }
};

}  // namespace

void register_sum(FunctionRegistry& registry) {
  const auto add = [&](TypeKind argument, TypeKind result, AccumulatorFactory accumulate) {
    registry.aggregates().add({.name = "sum",
                               .arguments = {Type{argument}},
                               .result = Type{result},
                               .accumulate = accumulate,
                               .help = "the sum; exact but for double precision"});
  };
  using enum TypeKind;
  add(integer, bigint, fold<IntegerSum>);
  add(bigint, numeric, fold<BigintSum>);
  add(numeric, numeric, fold<NumericSum>);
  add(double_precision, double_precision, fold<DoubleSum>);
  add(interval, interval, fold<IntervalSum>);
}

}  // namespace sluice
