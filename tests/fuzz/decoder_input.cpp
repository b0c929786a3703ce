#include "fuzz/decoder_input.hpp"

#include "base/assert.hpp"
#include "unit/formats/decode_support.hpp"

namespace sluice::test {

namespace {

ScanSpec scan_of_all_types() {
  ScanBuilder builder;
  builder.column("id", "text").required();
  builder.column("t", "timestamptz").column("ms", "timestamptz").unit(TimeUnit::milliseconds);
  builder.column("n", "int", "a.n").column("big", "bigint").column("d", "double precision");
  builder.column("amount", "numeric(9,2)").column("any", "numeric").column("b", "boolean");
  builder.column("day", "date").column("local", "timestamp").column("span", "interval");
  builder.column("j", "jsonb").column("whole", "jsonb", "a").event_time("t");
  return builder.build();
}

void decode_records(const ScanSpec& scan, const std::string& format,
                    const std::vector<std::string>& values) {
  const auto decoder = make_decoder(scan, {.format = format});
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  const Status status = decoder->decode(records(values), clock, allowance, result);
  SLUICE_ASSERT(status.has_value(), "bad records are failures, not Errors");
  SLUICE_ASSERT(result.rows_read + result.records_skipped >= values.size(),
                "every record is accounted for");
}

}  // namespace

void decode_input(const std::string& format, const uint8_t* data, size_t size) {
  static const ScanSpec scan = scan_of_all_types();
  const std::string text(reinterpret_cast<const char*>(data), size);
  decode_records(scan, format, {text});
  std::vector<std::string> lines;
  size_t start = 0;
  for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  lines.push_back(text.substr(start));
  if (lines.size() > 1) decode_records(scan, format, lines);
}

}  // namespace sluice::test
