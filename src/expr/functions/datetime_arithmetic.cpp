// + - * / of dates, timestamps and intervals.
#include "values/time/datetime_arithmetic.hpp"

#include "expr/kernel.hpp"

namespace sluice {

namespace {

using types::date;
using types::interval;
using types::timestamp;
using types::timestamptz;

void add_dates(FunctionRegistry& registry) {
  registry.add(infix("+", {date, types::integer}, date,
                     per_row([](int32_t day, int32_t days) { return add_days(day, days); })));
  registry.add(infix("+", {types::integer, date}, date,
                     per_row([](int32_t days, int32_t day) { return add_days(day, days); })));
  registry.add(infix("-", {date, types::integer}, date, per_row([](int32_t day, int32_t days) {
                       return add_days(day, -int64_t{days});
                     })));
  registry.add(infix("-", {date, date}, types::integer, per_row<days_between>()));
}

Result<int64_t> add_to_date(int32_t day, Interval span) {
  SLUICE_ASSIGN(const int64_t start, timestamp_of_date(day));
  return add_to_timestamp(start, span);
}
Result<int64_t> subtract_from_date(int32_t day, Interval span) {
  SLUICE_ASSIGN(const Interval back, negate(span));
  return add_to_date(day, back);
}
Result<int64_t> subtract_from_timestamp(int64_t time, Interval span) {
  SLUICE_ASSIGN(const Interval back, negate(span));
  return add_to_timestamp(time, back);
}
Result<int64_t> subtract_from_timestamptz(Scope& scope, int64_t time, Interval span) {
  SLUICE_ASSIGN(const Interval back, negate(span));
  return add_to_timestamptz(time, back, scope.zone());
}

void add_moves(FunctionRegistry& registry) {
  registry.add(infix("+", {date, interval}, timestamp, per_row<add_to_date>()));
  registry.add(infix("+", {interval, date}, timestamp,
                     per_row([](Interval span, int32_t day) { return add_to_date(day, span); })));
  registry.add(infix("-", {date, interval}, timestamp, per_row<subtract_from_date>()));
  registry.add(
      infix("+", {timestamp, interval}, timestamp,
            per_row([](int64_t time, Interval span) { return add_to_timestamp(time, span); })));
  registry.add(
      infix("+", {interval, timestamp}, timestamp,
            per_row([](Interval span, int64_t time) { return add_to_timestamp(time, span); })));
  registry.add(infix("-", {timestamp, interval}, timestamp, per_row<subtract_from_timestamp>()));
  registry.add(stable(infix("+", {timestamptz, interval}, timestamptz,
                            per_row([](Scope& scope, int64_t time, Interval span) {
                              return add_to_timestamptz(time, span, scope.zone());
                            }))));
  registry.add(stable(infix("+", {interval, timestamptz}, timestamptz,
                            per_row([](Scope& scope, Interval span, int64_t time) {
                              return add_to_timestamptz(time, span, scope.zone());
                            }))));
  registry.add(stable(
      infix("-", {timestamptz, interval}, timestamptz, per_row<subtract_from_timestamptz>())));
}

void add_differences(FunctionRegistry& registry) {
  for (const Type type : {timestamp, timestamptz}) {
    registry.add(infix("-", {type, type}, interval, per_row<timestamp_difference>()));
  }
}

void add_intervals(FunctionRegistry& registry) {
  registry.add(infix("+", {interval, interval}, interval,
                     per_row([](Interval left, Interval right) { return add(left, right); })));
  registry.add(infix("-", {interval, interval}, interval,
                     per_row([](Interval left, Interval right) { return subtract(left, right); })));
  registry.add(
      prefix("-", interval, interval, per_row([](Interval span) { return negate(span); })));
  registry.add(infix("*", {interval, types::double_precision}, interval,
                     per_row([](Interval span, double factor) { return multiply(span, factor); })));
  registry.add(infix("*", {types::double_precision, interval}, interval,
                     per_row([](double factor, Interval span) { return multiply(span, factor); })));
  registry.add(infix("/", {interval, types::double_precision}, interval,
                     per_row([](Interval span, double by) { return divide(span, by); })));
}

}  // namespace

void register_datetime_arithmetic(FunctionRegistry& registry) {
  add_dates(registry);
  add_moves(registry);
  add_differences(registry);
  add_intervals(registry);
}

}  // namespace sluice
