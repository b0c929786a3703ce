// Casts between booleans, numbers, dates and timestamps.
#include "expr/kernel.hpp"
#include "values/number/number_conversion.hpp"
#include "values/time/datetime_arithmetic.hpp"

namespace sluice {

namespace {

using enum CastContext;

void add_integer_casts(FunctionRegistry& registry) {
  using namespace types;
  registry.add(cast_function(integer, bigint, implicit,
                             per_row([](int32_t value) { return int64_t{value}; })));
  registry.add(cast_function(integer, double_precision, implicit,
                             per_row([](int32_t value) { return double(value); })));
  registry.add(cast_function(integer, numeric, implicit,
                             per_row([](int32_t value) { return Numeric::from_int64(value); })));
  registry.add(cast_function(bigint, integer, assignment,
                             per_row([](int64_t value) { return integer_of(value); })));
  registry.add(cast_function(bigint, double_precision, implicit,
                             per_row([](int64_t value) { return double(value); })));
  registry.add(cast_function(bigint, numeric, implicit,
                             per_row([](int64_t value) { return Numeric::from_int64(value); })));
  registry.add(cast_function(boolean, integer, explicit_only,
                             per_row([](bool value) { return int32_t{value}; })));
  registry.add(cast_function(integer, boolean, explicit_only,
                             per_row([](int32_t value) { return value != 0; })));
}

void add_decimal_casts(FunctionRegistry& registry) {
  using namespace types;
  registry.add(cast_function(double_precision, integer, assignment,
                             per_row([](double value) { return integer_of(value); })));
  registry.add(cast_function(double_precision, bigint, assignment,
                             per_row([](double value) { return bigint_of(value); })));
  registry.add(cast_function(
      double_precision, numeric, assignment,
      per_row([](Scope& scope, double value) { return numeric_of(value, scope.result_type()); })));
  registry.add(cast_function(numeric, integer, assignment,
                             per_row([](Numeric value) { return integer_of(value); })));
  registry.add(cast_function(numeric, bigint, assignment,
                             per_row([](Numeric value) { return bigint_of(value); })));
  registry.add(cast_function(numeric, double_precision, implicit,
                             per_row([](Numeric value) { return double_of(value); })));
  // To numeric(p,s), or to numeric without them, which changes no value.
  registry.add(cast_function(numeric, numeric, implicit,
                             per_row([](Scope& scope, Numeric value) -> Result<Numeric> {
                               const Type target = scope.result_type();
                               if (target.precision == 0) return value;
                               return value.constrained(target.precision, target.scale);
                             })));
}

void add_time_casts(FunctionRegistry& registry) {
  using namespace types;
  registry.add(cast_function(date, timestamp, implicit, per_row<timestamp_of_date>()));
  registry.add(cast_function(timestamp, date, assignment, per_row<date_of_timestamp>()));
  registry.add(stable(cast_function(
      date, timestamptz, implicit,
      per_row([](Scope& scope, int32_t day) { return timestamptz_of_date(day, scope.zone()); }))));
  registry.add(stable(
      cast_function(timestamptz, date, assignment, per_row([](Scope& scope, int64_t instant) {
                      return date_of_timestamp(scope.zone().to_local(instant));
                    }))));
  registry.add(stable(cast_function(
      timestamp, timestamptz, implicit,
      per_row([](Scope& scope, int64_t local) { return instant_of_local(local, scope.zone()); }))));
  registry.add(stable(
      cast_function(timestamptz, timestamp, assignment, per_row([](Scope& scope, int64_t instant) {
                      return local_of_instant(instant, scope.zone());
                    }))));
}

}  // namespace

void register_casts(FunctionRegistry& registry) {
  add_integer_casts(registry);
  add_decimal_casts(registry);
  add_time_casts(registry);
}

}  // namespace sluice
