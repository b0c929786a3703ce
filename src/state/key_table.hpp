// KeyTable: interns keys (bytes with their hash) to dense ids, so that what belongs to a key lives
// in columns by id. Linear probing over 8-byte slots; short keys lie inside their entry, longer
// ones in blocks that grow with the table, as there may be many small tables. Batches are probed
// with prefetching. Ids of erased keys are given out again. One owner, one thread; never fails.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "data/batch_keys.hpp"
#include "state/byte_blocks.hpp"

namespace sluice {

class KeyTable {
 public:
  static constexpr uint32_t no_id = UINT32_MAX;

  KeyTable() = default;
  KeyTable(const KeyTable&) = delete;
  KeyTable& operator=(const KeyTable&) = delete;

  // The ids of the keys of these rows; new keys get the next free ones.
  void intern(const BatchKeys& keys, std::span<const uint32_t> rows, std::vector<uint32_t>& ids);
  uint32_t intern(const HashedKey& key);
  // no_id: not in the table.
  uint32_t find(const HashedKey& key) const;
  void erase(uint32_t id);
  // Gives its memory back, of a table without keys.
  void release();
  // Hints that an id's key, and then that its slot, will soon be needed.
  void prefetch_key(uint32_t id) const { __builtin_prefetch(&entries_[id]); }
  void prefetch_slot(uint32_t id) const {
    __builtin_prefetch(&slots_[home_of(tag_of(entries_[id].hash))]);
  }

  // Ids are below this; some may be free.
  size_t id_bound() const { return entries_.size(); }
  size_t size() const { return entries_.size() - free_ids_.size(); }
  bool is_live(uint32_t id) const { return entries_[id].size != free_size; }
  // Valid until the next intern or erase.
  std::string_view key(uint32_t id) const { return entries_[id].bytes(); }
  uint64_t hash(uint32_t id) const { return entries_[id].hash; }
  HashedKey operator[](uint32_t id) const { return {key(id), hash(id)}; }
  uint64_t allocated_bytes() const;

 private:
  static constexpr uint32_t free_size = UINT32_MAX;
  struct Slot {
    uint32_t tag = 0;
    uint32_t id_plus_one = 0;  // 0: empty
  };
  struct Entry {
    static constexpr size_t inline_bytes = 20;
    uint64_t hash;
    uint32_t size;
    char data[inline_bytes];  // the key, or a pointer to it

    std::string_view bytes() const {
      if (size <= inline_bytes) return {data, size};
      const char* pointer = nullptr;
      std::memcpy(&pointer, data, sizeof pointer);
      return {pointer, size};
    }
  };
  static_assert(sizeof(Entry) == 32);

  // Where a slot stands at home is told by its tag, so that keys move without being looked at.
  static uint32_t tag_of(uint64_t hash) { return static_cast<uint32_t>(hash >> 32); }
  size_t home_of(uint32_t tag) const { return tag & mask_; }
  bool matches(uint32_t id, const HashedKey& key) const {
    const Entry& entry = entries_[id];
    return entry.hash == key.hash && entry.size == key.bytes.size() &&
           equal_bytes(entry.bytes().data(), key.bytes.data(), key.bytes.size());
  }
  // Short keys are compared without a call.
  static bool equal_bytes(const char* left, const char* right, size_t size) {
    if (size < sizeof(uint64_t)) return std::memcmp(left, right, size) == 0;
    const auto word = [](const char* bytes) {
      uint64_t value = 0;
      std::memcpy(&value, bytes, sizeof value);
      return value;
    };
    size_t at = 0;
    for (; at + sizeof(uint64_t) <= size; at += sizeof(uint64_t)) {
      if (word(left + at) != word(right + at)) return false;
    }
    const size_t last = size - sizeof(uint64_t);
    return word(left + last) == word(right + last);
  }
  void prefetch_slots(const BatchKeys& keys, std::span<const uint32_t> rows) const;
  void find_candidates(const BatchKeys& keys, std::span<const uint32_t> rows,
                       std::vector<uint32_t>& ids, size_t first) const;
  void reserve_slot();
  uint32_t insert(const HashedKey& key, size_t slot);
  void store_key(Entry& entry, std::string_view key);
  void grow();
  void compact();

  std::vector<Slot> slots_;  // a power of two
  size_t mask_ = 0;
  std::vector<Entry> entries_;
  std::vector<uint32_t> free_ids_;
  ByteBlocks blocks_;  // of the keys that are not inside their entry
  uint64_t live_key_bytes_ = 0;
  uint64_t dead_key_bytes_ = 0;
};

}  // namespace sluice
