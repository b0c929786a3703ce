#include "connectors/kafka/consumer.hpp"

#include <algorithm>

namespace sluice::kafka {

bool has_queue_backoff() { return rd_kafka_version() >= 0x020200ff; }

namespace {

// Committed records from exactly the offsets that are assigned.
Result<Handle> make(const Options& connection, Settings settings) {
  settings.insert(settings.end(), {{"enable.auto.commit", "false"},
                                   {"enable.auto.offset.store", "false"},
                                   {"enable.partition.eof", "true"},
                                   {"auto.offset.reset", "error"},
                                   {"isolation.level", "read_committed"}});
  if (has_queue_backoff()) settings.push_back({"fetch.queue.backoff.ms", "10"});
  SLUICE_ASSIGN(Handle client, make_client(RD_KAFKA_CONSUMER, connection, settings));
  rd_kafka_poll_set_consumer(client.get());
  return client;
}

}  // namespace

Result<Handle> make_consumer(const Options& connection, const ConsumerSettings& settings) {
  // A fetch brings about as much of a partition at a time.
  constexpr uint64_t least_kib = 1024;
  const uint64_t each_kib =
      std::max(settings.read_ahead_bytes / 1024 / settings.partitions, least_kib);
  return make(connection, {{"group.id", settings.group},
                           {"queued.min.messages", "100000"},
                           {"queued.max.messages.kbytes", std::to_string(each_kib)},
                           {"fetch.wait.max.ms", std::to_string(settings.fetch_wait_us / 1000)}});
}

Result<Handle> make_probe(const Options& connection, const std::string& group) {
  // A queue that a single record filled would not be looked at again for a second
  // (has_queue_backoff), though it has been started anew. So the size of a fetch bounds what it
  // fetches, until it is stopped.
  // Nothing is committed but what it says; the older interface has a setting of its own for that.
  // A commit waits as long as a session for the group's coordinator, and the end of the client for
  // the commit. There is no session else: it never joins. And for an answer that does not come they
  // wait as long as a request may take.
  return make(connection, {{"group.id", group},
                           {"auto.commit.enable", "false"},
                           {"session.timeout.ms", "1000"},
                           {"socket.timeout.ms", "2000"},
                           {"queued.min.messages", "100000"},
                           {"fetch.message.max.bytes", "65536"},
                           {"fetch.wait.max.ms", "10"}});
}

}  // namespace sluice::kafka
