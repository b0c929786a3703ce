// FakeTarget: an outside system in memory, with a marker beside its rows as exactly-once publishing
// needs it, and faults on demand. Outlives its publishers, as a server outlives its clients: a
// crash is a new publisher on the same target. Owned by a test; thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "dataflow/publisher.hpp"

namespace sluice::test {

enum class TargetFault : uint8_t {
  none,
  down,             // no connection: Error with Retry::later, nothing happened
  lost_applied,     // committed, the answer is lost
  lost_dropped,     // not committed, the answer is lost
  pending_applied,  // the commit hangs, and ends well when resolve or claim waits it out
  pending_dropped,  // … or badly
  half_written,     // chunked targets only: some operations are written, then no answer
  refused,          // a final Error, nothing happened
  throws,           // std::bad_alloc, nothing happened
};

class FakeTarget {
 public:
  struct Row {
    std::string sink;  // definition
    std::string bytes;
    Epoch epoch;  // that wrote it last
    bool operator==(const Row&) const = default;
  };

  explicit FakeTarget(std::string identity) : identity_(std::move(identity)) {}

  Result<std::unique_ptr<Publisher>> connect(const PublisherIds& ids);

  // Faults of the next publishes, in order; then none. `down` counts for every call.
  void plan(std::vector<TargetFault> faults);
  void set_down(bool down);
  // Operations with these bytes are refused when they are published.
  void reject(std::function<bool(const std::string& bytes)> predicate);
  // Operations are written in two chunks that are visible one after the other, like Redis.
  void set_chunked(bool chunked);

  std::vector<Row> rows() const;
  std::optional<Marker> marker() const;
  // A backup, and the target as it was then.
  struct Backup {
    std::vector<Row> rows;
    std::optional<Marker> marker;
    uint64_t operations_done = 0;
  };
  Backup back_up() const;
  void restore(Backup backup);
  // Publishes without the resolve that the attempt before made necessary.
  uint64_t unresolved_publishes() const;
  // Of the operations that were written through: sent, and not flushed.
  uint64_t write_through_unflushed() const;

 private:
  friend class FakePublisher;
  struct Pending {
    std::vector<Row> rows;
    Marker marker;
    bool applies = false;
  };
  // All below are called with mutex_ held.
  Status check_up() const;
  void settle_pending();
  TargetFault next_fault();

  mutable std::mutex mutex_;
  std::string identity_;
  std::vector<Row> rows_;
  std::optional<Marker> marker_;
  uint64_t operations_done_ = 0;  // of the epoch that has begun
  std::optional<Pending> pending_;
  std::deque<TargetFault> faults_;
  bool is_down_ = false;
  bool is_chunked_ = false;
  std::function<bool(const std::string&)> rejects_;
  uint64_t unresolved_publishes_ = 0;
  uint64_t unflushed_ = 0;
};

}  // namespace sluice::test
