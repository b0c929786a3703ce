// State as entries: how operators hand their keyed state to a checkpoint and get it back.
//
// State is tables of (key group, key, value) entries, all bytes. A full snapshot writes every
// entry; a delta writes what changed since the last snapshot (put for new and changed entries,
// remove for freed ones). Restoring a full snapshot and its deltas in order yields the entries
// again, for whichever key groups the restoring task owns: that is how parallelism can change.
// Snapshots run on the task's thread at a barrier and only copy bytes into memory; files are
// written elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/checksum.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

namespace sluice {

// Key group of a key by its encoding. Keys that are chosen to meet in one cost balance alone.
inline KeyGroup key_group_of(std::string_view key) {
  return KeyGroup(static_cast<uint16_t>(stable_hash(key) >> 57));
}
static_assert(key_group_count == 128, "key_group_of takes seven bits");

// The key groups [first, last) that one of `parallelism` tasks owns.
struct KeyGroupRange {
  uint16_t first = 0;
  uint16_t last = key_group_count;

  bool contains(KeyGroup group) const { return group.value >= first && group.value < last; }
  static KeyGroupRange of_task(uint32_t task, uint32_t parallelism);
};
// The task that owns a key group.
uint32_t owner_of(KeyGroup group, uint32_t parallelism);

enum class SnapshotKind : uint8_t { full, delta };

class StateWriter {
 public:
  virtual ~StateWriter() = default;
  virtual SnapshotKind kind() const = 0;
  // `table` is a number the operator gives meaning to; stable across versions.
  virtual void put(uint8_t table, KeyGroup group, std::string_view key, std::string_view value) = 0;
  virtual void remove(uint8_t table, KeyGroup group, std::string_view key) = 0;
};

struct StateEntry {
  uint8_t table = 0;
  KeyGroup group;
  std::string_view key;
  std::string_view value;
};

}  // namespace sluice
