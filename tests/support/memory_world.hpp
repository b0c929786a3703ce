// MemoryWorld: the outside of a whole pipeline in memory: streams of partitions to read, a lookup
// table that can be held up, and one FakeTarget to write to; the connector `memory` is how a
// pipeline file names it. It outlives every run, as servers do. Sinks write rows as row_texts does,
// and their definition is their table. Owned by a test; thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "dataflow/connector.hpp"
#include "support/fake_target.hpp"

namespace sluice::test {

class MemoryWorld {
 public:
  MemoryWorld() : target_("memory") {}

  // Partitions of a stream appear with their first record.
  void append(const std::string& stream, size_t partition, const std::string& value);
  // Nothing will ever follow in any stream; without it they have no end.
  void finish();
  // Every poll fails with it; none: they succeed again.
  void fail_polls(std::optional<Error> error);
  // Batches of random sizes, of splits in random order. For runs on one thread.
  void randomize(uint64_t seed);
  uint64_t polls_failed() const;
  // Calls that can be made to throw, as any may when memory is short.
  enum class Call : uint8_t { poll, discover, lookup };
  // The next such call throws std::bad_alloc.
  void throw_at_next(Call call);
  // How many partitions each assignment to a source brought.
  std::vector<size_t> assigned() const;
  // How many records of the partition have been read at most.
  size_t records_read(const std::string& stream, size_t partition) const;

  void put_lookup(const std::string& key, const std::string& value);
  // Lookups block from now on, until they are released.
  void hold_lookups();
  void release_lookups();
  void wait_for_held_lookup();

  FakeTarget& target() { return target_; }
  // The rows of a table that have been published, in order.
  std::vector<std::string> published(const std::string& table) const;
  // What is left of them: the last row of each key (the first `key_columns`), or with 0 all of
  // them, sorted. Kinds are left out.
  std::vector<std::string> folded(const std::string& table, size_t key_columns) const;

 private:
  friend class MemorySource;
  friend class MemorySourceDescription;
  friend class MemoryLookup;

  using Partition = std::vector<std::string>;
  // With mutex_ held.
  void throw_if_planned(Call call);

  mutable std::mutex mutex_;
  std::condition_variable condition_;
  std::map<std::string, std::vector<Partition>> streams_;
  std::vector<size_t> assigned_;
  std::map<std::pair<std::string, size_t>, size_t> read_;
  bool is_finished_ = false;
  std::optional<Error> poll_error_;
  uint64_t polls_failed_ = 0;
  std::optional<Call> throws_at_;
  std::optional<std::mt19937_64> random_;
  std::map<std::string, std::string> lookup_;
  bool lookups_held_ = false;
  uint64_t lookups_waiting_ = 0;
  FakeTarget target_;
};

// The world is borrowed and outlives the connector and all that it makes.
std::unique_ptr<Connector> make_memory_connector(MemoryWorld& world);

}  // namespace sluice::test
