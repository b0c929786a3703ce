#include "state/key_table.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "base/release_memory.hpp"

namespace sluice {

namespace {

constexpr size_t first_slots = 16;
// Rows that are probed together, so that their cache misses overlap.
constexpr size_t chunk_rows = 32;
// Less than this is not worth compacting.
constexpr uint64_t compaction_bytes = 256 * 1024;

}  // namespace

// In three stages, each a chunk behind the one before: fetch slots, find candidates and fetch their
// entries, compare keys. A chunk's cache misses overlap with the work on the others.
void KeyTable::intern(const BatchKeys& keys, std::span<const uint32_t> rows,
                      std::vector<uint32_t>& ids) {
  ids.resize(rows.size());
  const auto chunk = [&](size_t first) {
    first = std::min(first, rows.size());
    return rows.subspan(first, std::min(chunk_rows, rows.size() - first));
  };
  reserve_slot();
  prefetch_slots(keys, chunk(0));
  prefetch_slots(keys, chunk(chunk_rows));
  find_candidates(keys, chunk(0), ids, 0);
  for (size_t first = 0; first < rows.size(); first += chunk_rows) {
    prefetch_slots(keys, chunk(first + 2 * chunk_rows));
    find_candidates(keys, chunk(first + chunk_rows), ids, first + chunk_rows);
    const std::span<const uint32_t> here = chunk(first);
    for (size_t i = 0; i < here.size(); ++i) {
      const HashedKey key = keys[here[i]];
      uint32_t& id = ids[first + i];
      if (id == no_id || !matches(id, key)) id = intern(key);
    }
  }
}

void KeyTable::prefetch_slots(const BatchKeys& keys, std::span<const uint32_t> rows) const {
  for (const uint32_t row : rows) __builtin_prefetch(&slots_[home_of(tag_of(keys.hashes[row]))]);
}

// Ids whose slots have the tags of the keys, not compared yet.
void KeyTable::find_candidates(const BatchKeys& keys, std::span<const uint32_t> rows,
                               std::vector<uint32_t>& ids, size_t first) const {
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint32_t tag = tag_of(keys.hashes[rows[i]]);
    uint32_t& id = ids[first + i];
    id = no_id;
    for (size_t at = home_of(tag); slots_[at].id_plus_one != 0; at = (at + 1) & mask_) {
      if (slots_[at].tag != tag) continue;
      id = slots_[at].id_plus_one - 1;
      __builtin_prefetch(&entries_[id]);
      break;
    }
  }
}

// Room for one key more.
void KeyTable::reserve_slot() {
  if (size() + 1 > slots_.size() / 3 * 2) grow();
}

uint32_t KeyTable::intern(const HashedKey& key) {
  reserve_slot();
  const uint32_t tag = tag_of(key.hash);
  size_t at = home_of(tag);
  for (; slots_[at].id_plus_one != 0; at = (at + 1) & mask_) {
    if (slots_[at].tag != tag) continue;
    const uint32_t id = slots_[at].id_plus_one - 1;
    if (matches(id, key)) return id;
  }
  return insert(key, at);
}

uint32_t KeyTable::find(const HashedKey& key) const {
  if (slots_.empty()) return no_id;
  const uint32_t tag = tag_of(key.hash);
  for (size_t at = home_of(tag); slots_[at].id_plus_one != 0; at = (at + 1) & mask_) {
    const uint32_t id = slots_[at].id_plus_one - 1;
    if (slots_[at].tag == tag && matches(id, key)) return id;
  }
  return no_id;
}

uint32_t KeyTable::insert(const HashedKey& key, size_t slot) {
  uint32_t id = 0;
  if (free_ids_.empty()) {
    id = static_cast<uint32_t>(entries_.size());
    entries_.emplace_back();
  } else {
    id = free_ids_.back();
    free_ids_.pop_back();
  }
  entries_[id].hash = key.hash;
  store_key(entries_[id], key.bytes);
  slots_[slot] = {tag_of(key.hash), id + 1};
  return id;
}

void KeyTable::store_key(Entry& entry, std::string_view key) {
  SLUICE_ASSERT(key.size() < free_size, "a key is shorter than 4 GiB");
  entry.size = static_cast<uint32_t>(key.size());
  if (key.size() <= Entry::inline_bytes) {
    std::copy(key.begin(), key.end(), entry.data);  // an empty key may have no address
    return;
  }
  char* const pointer = blocks_.allocate(key.size());
  std::memcpy(pointer, key.data(), key.size());
  std::memcpy(entry.data, &pointer, sizeof pointer);
  live_key_bytes_ += key.size();
}

// Moves the following keys of the run up, so that no search ends at the hole.
void KeyTable::erase(uint32_t id) {
  SLUICE_ASSERT(is_live(id), "a key is erased once");
  size_t hole = home_of(tag_of(entries_[id].hash));
  while (slots_[hole].id_plus_one != id + 1) hole = (hole + 1) & mask_;
  for (size_t at = (hole + 1) & mask_; slots_[at].id_plus_one != 0; at = (at + 1) & mask_) {
    const size_t home = home_of(slots_[at].tag);
    if (((at - home) & mask_) < ((at - hole) & mask_)) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = {};
  if (entries_[id].size > Entry::inline_bytes) {
    live_key_bytes_ -= entries_[id].size;
    dead_key_bytes_ += entries_[id].size;
  }
  entries_[id].size = free_size;
  free_ids_.push_back(id);
  if (dead_key_bytes_ > compaction_bytes && dead_key_bytes_ > live_key_bytes_) compact();
}

void KeyTable::release() {
  SLUICE_ASSERT(size() == 0, "only an empty table is released");
  release_memory(slots_);
  release_memory(entries_);
  release_memory(free_ids_);
  blocks_ = {};
  dead_key_bytes_ = 0;
}

void KeyTable::grow() {
  const size_t size = std::max(first_slots, slots_.size() * 2);
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(size));
  mask_ = size - 1;
  for (const Slot& slot : old) {
    if (slot.id_plus_one == 0) continue;
    size_t at = home_of(slot.tag);
    while (slots_[at].id_plus_one != 0) at = (at + 1) & mask_;
    slots_[at] = slot;
  }
}

void KeyTable::compact() {
  const ByteBlocks old = std::exchange(blocks_, {});
  live_key_bytes_ = dead_key_bytes_ = 0;
  for (uint32_t id = 0; id < entries_.size(); ++id) {
    if (is_live(id) && entries_[id].size > Entry::inline_bytes) {
      store_key(entries_[id], entries_[id].bytes());
    }
  }
}

uint64_t KeyTable::allocated_bytes() const {
  return slots_.capacity() * sizeof(Slot) + entries_.capacity() * sizeof(Entry) +
         free_ids_.capacity() * sizeof(uint32_t) + blocks_.allocated_bytes();
}

}  // namespace sluice
