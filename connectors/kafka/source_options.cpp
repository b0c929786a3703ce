#include <charconv>

#include "connectors/kafka/kafka_source.hpp"
#include "values/value_text.hpp"

namespace sluice::kafka {

namespace {

Unexpected bad_start(const std::string& what) {
  return fail_option(
      "start", ErrorCode::invalid_value, what,
      "start is earliest, latest, {timestamp: \"2026-01-01T00:00:00Z\"} or {offsets: {0: "
      "12, 1: 7}}");
}

template <class Number>
bool parse_number(const std::string& text, Number& number) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc{} && parsed.ptr == end && number >= 0;
}

Result<StartPosition> parse_offsets(const Node& offsets) {
  StartPosition start;
  start.kind = StartPosition::Kind::offsets;
  if (!offsets.is_map()) return bad_start("start.offsets is not a map from partition to offset");
  for (const auto& [partition, offset] : offsets.entries()) {
    int32_t number = 0;
    int64_t value = 0;
    if (!offset.is_scalar() || !parse_number(partition.text(), number) ||
        !parse_number(offset.text(), value)) {
      return bad_start("start.offsets maps partition numbers to offsets");
    }
    start.offsets[number] = value;
  }
  return start;
}

}  // namespace

const OptionTable& source_options() {
  static const OptionTable table = {
      {"topic", OptionKind::text, true, "", "topic to read"},
      {"start", OptionKind::node, false, "earliest",
       "where to start without a saved position: earliest, latest, "
       "{timestamp: …} or {offsets: {partition: offset}}"},
      {"on_out_of_range",
       OptionKind::choice,
       false,
       "fail",
       "when the wanted offset is not kept any more, or the topic was created again",
       {"fail", "earliest", "latest"}},
      {"fetch_wait_max", OptionKind::duration, false, "50ms",
       "how long a broker may wait to fill a fetch"},
  };
  return table;
}

Result<StartPosition> parse_start(const Options& options) {
  StartPosition start;
  const Node node = options.node("start");
  if (!node) return start;
  if (node.is_scalar() && node.text() == "earliest") return start;
  if (node.is_scalar() && node.text() == "latest") {
    start.kind = StartPosition::Kind::latest;
    return start;
  }
  if (!node.is_map() || node.size() != 1) return bad_start("start has a form that is not known");
  if (const Node offsets = node["offsets"]) return parse_offsets(offsets);
  const Node timestamp = node["timestamp"];
  if (!timestamp || !timestamp.is_scalar()) return bad_start("start has a form that is not known");
  const Result<int64_t> time_us = parse_timestamptz(timestamp.text(), TimeZone());
  if (!time_us) return bad_start("start.timestamp: " + time_us.error().message);
  start.kind = StartPosition::Kind::timestamp;
  start.timestamp_ms = *time_us / 1000;
  return start;
}

std::string start_text(const StartPosition& start) {
  std::string text;
  switch (start.kind) {
    case StartPosition::Kind::earliest:
      return "earliest";
    case StartPosition::Kind::latest:
      return "latest";
    case StartPosition::Kind::timestamp:
      format_timestamptz(start.timestamp_ms * 1000, TimeZone(), text);
      return "{timestamp: \"" + text + "\"}";
    case StartPosition::Kind::offsets:
      for (const auto& [partition, offset] : start.offsets) {
        text +=
            (text.empty() ? "" : ", ") + std::to_string(partition) + ": " + std::to_string(offset);
      }
      return "{offsets: {" + text + "}}";
  }
  return text;
}

}  // namespace sluice::kafka
