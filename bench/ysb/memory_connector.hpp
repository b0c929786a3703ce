// Connector `ysb`: the events of a whole run from memory, as a bounded source of four partitions,
// and the ads as a lookup, so that a benchmark of the engine alone is an ordinary pipeline file.
// Only the benchmark's binary knows it. Immutable after `fill`, shared by all threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dataflow/connector.hpp"
#include "ysb/events.hpp"

namespace sluice::ysb {

// The documents of one partition, one after the other.
struct Partition {
  std::string bytes;
  std::vector<uint64_t> ends;     // of each document in `bytes`
  std::vector<int64_t> times_ms;  // event times

  size_t size() const { return ends.size(); }
  std::string_view document(size_t number) const {
    const uint64_t start = number == 0 ? 0 : ends[number - 1];
    return std::string_view(bytes).substr(start, ends[number] - start);
  }
};

struct EventLog {
  Ads ads;
  std::vector<Partition> partitions;

  uint64_t bytes() const;
};

// Deals `count` events out to the partitions in turn.
std::shared_ptr<const EventLog> make_event_log(uint64_t seed, uint64_t count);

std::unique_ptr<Connector> make_memory_connector(std::shared_ptr<const EventLog> log);

}  // namespace sluice::ysb
