// ProgressTopic: what one pipeline and target keep in Kafka beside the data: a compacted topic with
// one partition per shard and the keys `claim` (who owns the pipeline), `marker` (the last epoch
// published, written in the same transaction as its rows) and `probe`. Used by the publisher's
// thread; blocks up to its timeouts.
//
// A read without a probe shows what is visible now; a pending transaction may still add to it. A
// read past an acknowledged probe is definite: every transaction opened before the probe is over,
// because a read_committed reader cannot pass an open one.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "config/option_spec.hpp"
#include "dataflow/publisher.hpp"

namespace sluice::kafka {

struct Claim {
  std::string uid;
  std::string owner;
};

struct Progress {
  std::optional<Claim> claim;
  std::optional<Marker> marker;  // owner is the claim's
};

std::string encode_claim(const Claim& claim);
std::string encode_marker(const Marker& marker);
// Errors target_refused: the topic holds something else.
Result<Claim> decode_claim(std::string_view text);
Result<Marker> decode_marker(std::string_view text);

class ProgressTopic {
 public:
  static constexpr const char* claim_key = "claim";
  static constexpr const char* marker_key = "marker";

  // Both borrowed. target_id is <namespace>.<pipeline>.<target>.<shard>.
  ProgressTopic(const Options& connection, std::string target_id);

  const std::string& name() const { return name_; }
  int32_t partition() const { return partition_; }

  // Creates the topic if it is not there, and waits until it is known.
  Status create();
  // What is visible now. Empty when the topic does not exist.
  Result<Progress> read();
  // What is certain now. Error Retry::later when a transaction stays open past the timeout.
  Result<Progress> read_definitely();

 private:
  Result<Progress> read_until(std::optional<int64_t> offset);
  Result<int64_t> write_probe();

  const Options& connection_;
  std::string name_;
  int32_t partition_;
  // What reading has found so far, and where it goes on.
  Progress read_;
  int64_t next_offset_ = RD_KAFKA_OFFSET_BEGINNING;
};

}  // namespace sluice::kafka
