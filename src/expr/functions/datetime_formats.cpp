// to_date, and to_timestamp of texts.
#include "expr/kernel.hpp"
#include "values/time/calendar.hpp"
#include "values/time/datetime_arithmetic.hpp"
#include "values/time/datetime_input.hpp"
#include "values/time/timestamp_range.hpp"

namespace sluice {

namespace {

// The format is the same in most rows: it is read again only when it changes.
template <class Read>
void run_read(CallContext& context, Read read) {
  const Input<std::string_view> texts(context.argument(0));
  const Input<std::string_view> formats(context.argument(1));
  Scope scope(context);
  std::string_view last;
  DateTimePattern pattern;
  for_each_row(context, [&](size_t row) {
    const std::string_view format = formats[row];
    if (format != last) pattern = DateTimePattern::parse(format);
    last = format;
    store(context, scope, row, read(pattern, texts[row]));
  });
}

Result<int32_t> read_date(const DateTimePattern& pattern, std::string_view text) {
  SLUICE_ASSIGN(const ReadTime time, parse_by(pattern, text));
  return date_of(time);
}

// PostgreSQL rounds times as distances from 2000-01-01.
int64_t rounded(int64_t instant_us, int digits) {
  constexpr int64_t us_to_2000 = int64_t{10'957} * us_per_day;
  int64_t unit = us_per_second;
  for (int i = 0; i < digits; ++i) unit /= 10;
  const int64_t since = instant_us - us_to_2000;
  const int64_t half = unit / 2;
  const int64_t even = since >= 0 ? (since + half) / unit * unit : -((-since + half) / unit * unit);
  return even + us_to_2000;
}

Result<int64_t> read_instant(const DateTimePattern& pattern, std::string_view text,
                             const TimeZone& zone) {
  SLUICE_ASSIGN(const ReadTime time, parse_by(pattern, text));
  SLUICE_ASSIGN(const int32_t date, date_of(time));
  SLUICE_ASSIGN(const int64_t midnight, timestamp_of_date(date));
  const int64_t local = midnight + time.time_of_day_us();
  const int64_t instant =
      time.offset_seconds ? local - *time.offset_seconds * us_per_second : zone.to_instant(local);
  return timestamp_in_range(time.fraction_digits > 0 ? rounded(instant, time.fraction_digits)
                                                     : instant);
}

void run_to_timestamp(CallContext& context) {
  const TimeZone& zone = context.zone();
  run_read(context, [&zone](const DateTimePattern& pattern, std::string_view text) {
    return read_instant(pattern, text, zone);
  });
}

}  // namespace

void register_datetime_formats(FunctionRegistry& registry) {
  registry.add(
      function("to_date", {types::text, types::text}, types::date,
               {[](CallContext& context) { run_read(context, read_date); }, true, true, {}},
               "date read by a format: to_date('31.01.2026', 'DD.MM.YYYY')"));
  registry.add(stable(function("to_timestamp", {types::text, types::text}, types::timestamptz,
                               {run_to_timestamp, true, true, {}},
                               "time read by a format, in the session's zone")));
}

}  // namespace sluice
