// DirectProducer: at-least-once writing: records are sent as they come; flush returns when all are
// acknowledged. One thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "connectors/kafka/kafka_client.hpp"

namespace sluice::kafka {

class DirectProducer {
 public:
  explicit DirectProducer(const Options& connection) : connection_(connection) {}

  // `definition` and `operation` as in kafka_operation.hpp.
  Status write(std::string_view definition, std::string_view operation);
  // Sees to the answers that have come; what was written is sent without it. Errors as of flush.
  Status send();
  // Error of the first record that was not acknowledged.
  Status flush();

 private:
  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque);
  Status open();
  void learn(const std::string& topic);
  Status outcome() const;

  const Options& connection_;
  std::set<std::string> learned_;  // topics
  std::optional<rd_kafka_resp_err_t> problem_;
  Handle handle_;  // destroyed first: its callbacks use the members above
};

}  // namespace sluice::kafka
