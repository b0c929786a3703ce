#include "operators/aggregates/key_table.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace sluice {

namespace {

constexpr size_t first_slots = 16;
// Rows that are probed together, so that their cache misses overlap.
constexpr size_t chunk_rows = 32;
// Less than this is not worth compacting.
constexpr uint64_t compaction_bytes = 256 * 1024;
constexpr uint64_t first_block_bytes = 512;
constexpr uint64_t largest_block_bytes = 64 * 1024;

}  // namespace

// In three stages, each a chunk behind the one before: fetch slots, find candidates and fetch their
// entries, compare keys. A chunk's cache misses overlap with the work on the others.
void KeyTable::intern(const EncodedKeys& keys, std::span<const uint32_t> rows,
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
      const uint64_t hash = keys.hashes[here[i]];
      const std::string_view key = keys.key(here[i]);
      uint32_t& id = ids[first + i];
      if (id == no_id || !matches(id, hash, key)) id = intern(hash, key);
    }
  }
}

void KeyTable::prefetch_slots(const EncodedKeys& keys, std::span<const uint32_t> rows) const {
  for (const uint32_t row : rows) __builtin_prefetch(&slots_[keys.hashes[row] & mask_]);
}

// Ids whose slots have the tags of the keys, not compared yet.
void KeyTable::find_candidates(const EncodedKeys& keys, std::span<const uint32_t> rows,
                               std::vector<uint32_t>& ids, size_t first) const {
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint64_t hash = keys.hashes[rows[i]];
    uint32_t& id = ids[first + i];
    id = no_id;
    for (size_t at = hash & mask_; slots_[at].id_plus_one != 0; at = (at + 1) & mask_) {
      if (slots_[at].tag != tag_of(hash)) continue;
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

uint32_t KeyTable::intern(uint64_t hash, std::string_view key) {
  reserve_slot();
  size_t at = hash & mask_;
  for (; slots_[at].id_plus_one != 0; at = (at + 1) & mask_) {
    if (slots_[at].tag != tag_of(hash)) continue;
    const uint32_t id = slots_[at].id_plus_one - 1;
    if (matches(id, hash, key)) return id;
  }
  return insert(hash, key, at);
}

uint32_t KeyTable::find(uint64_t hash, std::string_view key) const {
  if (slots_.empty()) return no_id;
  for (size_t at = hash & mask_; slots_[at].id_plus_one != 0; at = (at + 1) & mask_) {
    const uint32_t id = slots_[at].id_plus_one - 1;
    if (slots_[at].tag == tag_of(hash) && matches(id, hash, key)) return id;
  }
  return no_id;
}

uint32_t KeyTable::insert(uint64_t hash, std::string_view key, size_t slot) {
  uint32_t id = 0;
  if (free_ids_.empty()) {
    id = static_cast<uint32_t>(entries_.size());
    entries_.emplace_back();
  } else {
    id = free_ids_.back();
    free_ids_.pop_back();
  }
  entries_[id].hash = hash;
  store_key(entries_[id], key);
  slots_[slot] = {tag_of(hash), id + 1};
  return id;
}

void KeyTable::store_key(Entry& entry, std::string_view key) {
  SLUICE_ASSERT(key.size() < free_size, "a key is shorter than 4 GiB");
  entry.size = static_cast<uint32_t>(key.size());
  if (key.size() <= Entry::inline_bytes) {
    std::copy(key.begin(), key.end(), entry.data);  // an empty key may have no address
    return;
  }
  char* const pointer = allocate(key.size());
  std::memcpy(pointer, key.data(), key.size());
  std::memcpy(entry.data, &pointer, sizeof pointer);
  live_key_bytes_ += key.size();
}

char* KeyTable::allocate(size_t size) {
  if (size > static_cast<size_t>(end_ - next_)) {
    const uint64_t wanted = std::clamp(block_bytes_, first_block_bytes, largest_block_bytes);
    const uint64_t bytes = std::max<uint64_t>(size, wanted);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
    next_ = blocks_.back().get();
    end_ = next_ + bytes;
    block_bytes_ += bytes;
  }
  return std::exchange(next_, next_ + size);
}

// Moves the following keys of the run up, so that no search ends at the hole.
void KeyTable::erase(uint32_t id) {
  SLUICE_ASSERT(is_live(id), "a key is erased once");
  size_t hole = entries_[id].hash & mask_;
  while (slots_[hole].id_plus_one != id + 1) hole = (hole + 1) & mask_;
  for (size_t at = (hole + 1) & mask_; slots_[at].id_plus_one != 0; at = (at + 1) & mask_) {
    const size_t home = entries_[slots_[at].id_plus_one - 1].hash & mask_;
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

void KeyTable::grow() {
  const size_t size = std::max(first_slots, slots_.size() * 2);
  slots_.assign(size, {});
  mask_ = size - 1;
  for (uint32_t id = 0; id < entries_.size(); ++id) {
    if (!is_live(id)) continue;
    size_t at = entries_[id].hash & mask_;
    while (slots_[at].id_plus_one != 0) at = (at + 1) & mask_;
    slots_[at] = {tag_of(entries_[id].hash), id + 1};
  }
}

void KeyTable::compact() {
  const auto old = std::exchange(blocks_, {});
  next_ = end_ = nullptr;
  block_bytes_ = live_key_bytes_ = dead_key_bytes_ = 0;
  for (uint32_t id = 0; id < entries_.size(); ++id) {
    if (is_live(id) && entries_[id].size > Entry::inline_bytes) {
      store_key(entries_[id], entries_[id].bytes());
    }
  }
}

uint64_t KeyTable::allocated_bytes() const {
  return slots_.capacity() * sizeof(Slot) + entries_.capacity() * sizeof(Entry) +
         free_ids_.capacity() * sizeof(uint32_t) + block_bytes_;
}

}  // namespace sluice
