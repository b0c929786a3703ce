// Timers: one time per key, of event or processing time as their owner means it, and the keys that
// are due, in the order of their times. A key that needs several has them under several keys, or
// sets the next when one was due. Owned as state_store.hpp says.
//
// State entry: key bytes; time (8 bytes).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "state/key_table.hpp"
#include "state/removals.hpp"
#include "state/state_store.hpp"

namespace sluice {

class Timers final : public StateStore {
 public:
  explicit Timers(uint8_t table) : table_(table) {}

  // In place of the timer that the key has.
  void set(const HashedKey& key, int64_t time_us);
  // Nothing happens to a key without one.
  void remove(const HashedKey& key);
  std::optional<int64_t> time_us(const HashedKey& key) const;
  size_t size() const { return order_.size(); }

  struct Due {
    int64_t time_us;
    std::string key;
  };
  // Takes away an earliest timer if it is not later than `until_us`.
  std::optional<Due> take_due(int64_t until_us);

  bool has_table(uint8_t table) const override { return table == table_; }
  uint64_t bytes() const override;
  void snapshot(StateWriter& writer) override;
  Status restore(const StateEntry& entry) override;

 private:
  struct Timer {
    int64_t time_us = 0;
    bool is_set = false;      // else the key's id is free
    bool is_changed = false;  // since the last snapshot
    bool is_saved = false;    // in any snapshot
  };

  void set_time(uint32_t id, int64_t time_us);
  void remove(uint32_t id);
  void write(uint32_t id, StateWriter& writer);

  const uint8_t table_;
  KeyTable keys_;
  std::vector<Timer> timers_;  // by the keys' ids
  std::set<std::pair<int64_t, uint32_t>> order_;
  std::vector<uint32_t> changed_;  // since the last snapshot
  Removals removals_;              // of what went since then
};

}  // namespace sluice
