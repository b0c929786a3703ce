// LookupCache: what a lookup join remembers of a dimension table: rows for ttl, absent keys and
// rows that do not fit for missing_ttl, at most max_rows entries, the least recently used leave
// first. Charged to the pipeline's budget. One owner, one thread.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "memory/memory_pool.hpp"
#include "operators/emitted_rows.hpp"
#include "operators/lookup_join.hpp"
#include "state/key_hash.hpp"

namespace sluice {

class LookupCache {
 public:
  // `name` is what is refused when the memory does not suffice.
  LookupCache(const LookupCacheSettings& settings, MemoryPool& memory, std::string name)
      : settings_(settings), reservation_(memory, std::move(name)) {}

  struct Entry {
    FoundRow row;
    int64_t expires_us = 0;
    std::list<std::string_view>::iterator used;
  };
  // Null when unknown or expired. Valid until the next put. `now_us`: Clock::monotonic_us.
  const Entry* find(std::string_view key, int64_t now_us);
  Status put(std::string_view key, FoundRow row, int64_t now_us);
  size_t size() const { return entries_.size(); }

 private:
  void evict();
  static uint64_t cost_of(std::string_view key, const Entry& entry);

  LookupCacheSettings settings_;
  Reservation reservation_;
  // Node-stable keys: the list's views point at them.
  absl::flat_hash_map<std::string_view, std::pair<std::unique_ptr<std::string>, Entry>, KeyHash,
                      KeyEqual>
      entries_;
  std::list<std::string_view> by_use_;  // most recent first
  uint64_t bytes_ = 0;
};

}  // namespace sluice
