// The librdkafka consumer of a source: its settings, and how much it fetches ahead. Made by the
// source's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "connectors/kafka/kafka_client.hpp"

namespace sluice::kafka {

struct ConsumerSettings {
  std::string group;      // nothing is committed in it
  size_t partitions = 1;  // that it is going to read
  int64_t fetch_wait_us = 0;
  uint64_t read_ahead_bytes = 0;  // of all its partitions; but of each at least 1 MiB
};

// What it fetches ahead is bounded for all partitions together. Touches no network.
Result<Handle> make_consumer(const Options& connection, const ConsumerSettings& settings);

// A consumer for reading single records now and then, each time started anew and soon stopped, and
// for committing offsets in `group`. Its fetches are small. Touches no network.
Result<Handle> make_probe(const Options& connection, const std::string& group);

// Whether the consumer can be told to look soon again at queues that it found full. Before 2.2,
// librdkafka does so once a second, unless something else happens on the connection.
bool has_queue_backoff();

}  // namespace sluice::kafka
