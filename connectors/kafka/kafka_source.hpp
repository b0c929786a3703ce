// The Kafka source: reads a topic's partitions in batches from one queue per partition, committed
// records only. A partition is held back by not reading its queue. Positions are exact offsets.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "config/option_spec.hpp"
#include "dataflow/source.hpp"

namespace sluice::kafka {

const OptionTable& source_options();

// Where reading starts in a partition without a saved position.
struct StartPosition {
  enum class Kind : uint8_t { earliest, latest, timestamp, offsets } kind = Kind::earliest;
  int64_t timestamp_ms = 0;
  std::map<int32_t, int64_t> offsets;  // partitions that are not named start at the earliest
};
enum class OutOfRange : uint8_t { fail, earliest, latest };

// earliest | latest | {timestamp: …} | {offsets: {0: 5}}. Error invalid_value.
Result<StartPosition> parse_start(const Options& options);
// As it stands in the file: "{offsets: {0: 5}}".
std::string start_text(const StartPosition& start);

struct SourceSettings {
  std::string topic;
  StartPosition start;
  OutOfRange on_out_of_range = OutOfRange::fail;
  int64_t fetch_wait_us = 50'000;
};

// One task's source. Both are borrowed.
std::unique_ptr<Source> make_reader(const Options& connection, const SourceSettings& settings);

Result<std::unique_ptr<SourceDescription>> make_source(const Options& connection,
                                                       const Options& options);

}  // namespace sluice::kafka
