#include "ysb/memory_connector.hpp"

namespace sluice::ysb {

namespace {

constexpr size_t partition_count = 4;
constexpr size_t expected_event_bytes = 256;

}  // namespace

uint64_t EventLog::bytes() const {
  uint64_t total = 0;
  for (const Partition& partition : partitions) total += partition.bytes.size();
  return total;
}

std::shared_ptr<const EventLog> make_event_log(uint64_t seed, uint64_t count) {
  auto log = std::make_shared<EventLog>();
  Events events(seed);
  log->ads = events.ads();
  log->partitions.resize(partition_count);
  for (Partition& partition : log->partitions) {
    const size_t most = count / partition_count + 1;
    partition.bytes.reserve(most * expected_event_bytes);
    partition.ends.reserve(most);
    partition.times_ms.reserve(most);
  }
  for (uint64_t number = 0; number < count; ++number) {
    Partition& partition = log->partitions[number % partition_count];
    partition.times_ms.push_back(events.append_next(partition.bytes));
    partition.ends.push_back(partition.bytes.size());
  }
  return log;
}

}  // namespace sluice::ysb
