// Publisher: makes epochs visible in one target, exactly once, by a marker that the target keeps
// beside the data and that moves in the same transaction. One per target and pipeline start; called
// by one thread at a time (the target's publishing thread); may block up to its own timeouts.
//
// Order: identity, look, claim, then publish epoch after epoch; after any publish without a
// definite answer: resolve, then act on it. For at-least-once delivery: write_through, send and
// flush instead, no markers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "env/environment.hpp"

namespace sluice {

// What the target says about the last epoch it shows.
struct Marker {
  std::string uid;                // of the state folder
  std::string owner;              // nonce of the pipeline start that claimed last
  Epoch epoch;                    // 0: claimed, nothing published
  uint64_t checksum = 0;          // of that epoch's manifest
  uint64_t rejects_checksum = 0;  // of that epoch's rejects file, 0 without rejects
  // Some of the epoch after `epoch` is there already: of a target that takes epochs in pieces.
  bool has_begun = false;
};

// Claimed, and nothing published: whose it is does not matter yet.
inline bool is_unused(const Marker& marker) {
  return marker.epoch == Epoch() && marker.checksum == 0 && !marker.has_begun;
}

// Reads the operations of one spooled epoch, in order, again from the start after rewind().
class OperationReader {
 public:
  struct Operation {
    uint32_t sink;           // index into PublishRequest::sinks
    std::string_view bytes;  // valid until the next call
  };
  virtual ~OperationReader() = default;
  virtual Result<std::optional<Operation>> next() = 0;
  virtual Status rewind() = 0;
};

// A row that the target refused permanently at publish time.
struct Reject {
  uint64_t operation;  // index within the epoch
  uint32_t sink;
  std::string bytes;
  Error error;
  std::string row;  // as a JSON object, where the target can tell; may be empty
};

// Keeps rejects durable before the commit that leaves them out; provided by the engine.
class RejectLog {
 public:
  virtual ~RejectLog() = default;
  // Replaces all rejects of this epoch and target, synced; returns the checksum for the marker.
  virtual Result<uint64_t> replace(const std::vector<Reject>& rejects) = 0;
};

struct PublishRequest {
  Marker after;  // what the target must show now, owner included
  Epoch epoch;
  uint64_t checksum = 0;           // of the epoch's manifest, for the new marker
  std::vector<std::string> sinks;  // SinkDescription::definition() of each
  OperationReader* operations = nullptr;
  RejectLog* rejects = nullptr;
};

enum class PublishOutcome : uint8_t {
  published,  // the target shows the new marker, for certain
  unknown,    // no definite answer: resolve
};

struct PublisherIds {
  std::string target_id;  // <namespace>.<pipeline>.<target>.<shard>: transactional ids, marker keys
  std::string uid;
  std::string owner;
};

class Publisher {
 public:
  virtual ~Publisher() = default;

  // Physical identity: what the outside system calls itself, or where it is: the same however it
  // is reached.
  virtual Result<std::string> identity() = 0;
  // Where the marker is, for those who must look at it or remove it: "key sluice:marker:…".
  virtual std::string marker_place() const = 0;
  // The marker without claiming; none on a new target. Also checks that the target is suitable
  // (target_unsuitable).
  virtual Result<std::optional<Marker>> look() = 0;
  // Takes ownership for ids.owner by the rules of kit/marker_rules.hpp; `expected` is what
  // look() found. A first claim writes marker 0. Returns the marker as it is now, with our owner.
  // Errors: fenced, target_refused, connection errors with Retry::later.
  virtual Result<Marker> claim(const std::optional<Marker>& expected) = 0;
  // Writes the epoch and its marker all-or-nothing, or piece by piece (Marker::has_begun). An Error
  // is definite: nothing was published; Retry::later means the same epoch may be tried again.
  // Errors: fenced is final.
  virtual Result<PublishOutcome> publish(const PublishRequest& request) = 0;
  // After an unknown outcome: waits out what may still be pending, and returns the marker that is
  // now certain. Error fenced when the owner is not ours.
  virtual Result<Marker> resolve() = 0;

  // At-least-once: takes operations as they come, and may hold them back to write many at once.
  // After send, all are at the target or on their way; flush returns when all are acknowledged.
  virtual Status write_through(uint32_t sink, std::string_view definition,
                               std::string_view operation) = 0;
  virtual Status send() = 0;
  virtual Status flush() = 0;
};

}  // namespace sluice
