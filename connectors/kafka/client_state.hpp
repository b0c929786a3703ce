// ClientState: what belongs to a client of librdkafka beside its handle. Who is told of deliveries,
// and what its connections failed with last: the calls that wait for a connection only say that it
// did not come. Made with the client and deleted after it; the handle's opaque.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "config/option_spec.hpp"

namespace sluice::kafka {

using DeliveryCallback = void (*)(rd_kafka_t*, const rd_kafka_message_t*, void*);

class ClientState {
 public:
  explicit ClientState(Options connection, DeliveryCallback on_delivery = nullptr,
                       void* opaque = nullptr);

  // Of a client that make_client or make_producer made.
  static ClientState& of(const rd_kafka_t* client);
  // As the client's callbacks of these names.
  static void log(const rd_kafka_t* client, int level, const char* facility, const char* text);
  static void deliver(rd_kafka_t* client, const rd_kafka_message_t* message, void* state);

  const Options& connection() const { return connection_; }
  // What a connection of the client failed with within the last minute, in librdkafka's words
  // without its own bookkeeping. From any thread.
  std::optional<std::string> recent_failure() const;

 private:
  void note_failure(std::string_view text);

  const Options connection_;
  const DeliveryCallback on_delivery_;
  void* const opaque_;
  mutable std::mutex mutex_;
  std::string failure_;
  std::chrono::steady_clock::time_point failed_at_;
};

}  // namespace sluice::kafka
