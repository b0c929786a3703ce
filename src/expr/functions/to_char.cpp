// to_char of times and intervals.
#include "expr/kernel.hpp"
#include "values/time/datetime_output.hpp"
#include "values/time/infinite_interval.hpp"

namespace sluice {

namespace {

bool is_infinite(int64_t time_us) {
  return time_us == timestamp_infinity || time_us == timestamp_minus_infinity;
}

bool uses_zone_name(const DateTimePattern& pattern) {
  for (const PatternPart& part : pattern.parts()) {
    if (part.kind == PatternPart::Kind::field && part.field == DateTimeField::zone_name)
      return true;
  }
  return false;
}

// The format is the same in most rows: it is read again only when it changes.
template <class T, class PartsOf>
void run_to_char(CallContext& context, PartsOf parts_of) {
  const Input<T> values(context.argument(0));
  const Input<std::string_view> formats(context.argument(1));
  Scope scope(context);
  std::string_view last;
  DateTimePattern pattern;
  for_each_row(context, [&](size_t row) {
    const std::string_view format = formats[row];
    if (format.empty()) return context.result().set_null(row);
    if (format != last) pattern = DateTimePattern::parse(format);
    last = format;
    const std::optional<DateTimeParts> parts = parts_of(values[row], pattern);
    if (!parts) return context.result().set_null(row);
    std::string& buffer = scope.buffer();
    if (Status written = format_by(pattern, *parts, buffer); !written) {
      return context.fail_row(row, std::move(written.error()));
    }
    store(context, scope, row, scope.copy(buffer));
  });
}

void run_timestamp(CallContext& context) {
  run_to_char<int64_t>(context,
                       [](int64_t time_us, const DateTimePattern&) -> std::optional<DateTimeParts> {
                         if (is_infinite(time_us)) return std::nullopt;
                         return parts_of_timestamp(time_us);
                       });
}

void run_timestamptz(CallContext& context) {
  const TimeZone& zone = context.zone();
  run_to_char<int64_t>(
      context,
      [&zone](int64_t instant_us, const DateTimePattern& pattern) -> std::optional<DateTimeParts> {
        if (is_infinite(instant_us)) return std::nullopt;
        DateTimeParts parts = parts_of_timestamptz(instant_us, zone);
        if (uses_zone_name(pattern)) {
          parts.zone_name = zone.abbreviation_at(instant_us);
        }
        return parts;
      });
}

void run_interval(CallContext& context) {
  run_to_char<Interval>(
      context, [](const Interval& span, const DateTimePattern&) -> std::optional<DateTimeParts> {
        if (is_infinite(span)) return std::nullopt;
        return parts_of_interval(span);
      });
}

}  // namespace

void register_to_char(FunctionRegistry& registry) {
  const char* const help = "written by a format: to_char(ts, 'YYYY-MM-DD HH24:MI')";
  const auto add = [&](Type type, Kernel run) {
    return function("to_char", {type, types::text}, types::text, {run, true, true, {}}, help);
  };
  registry.add(add(types::timestamp, run_timestamp));
  registry.add(stable(add(types::timestamptz, run_timestamptz)));
  registry.add(add(types::interval, run_interval));
}

}  // namespace sluice
