// KeyedTable: one named table of an operator's keyed state: key bytes → Value, in memory, with what
// a checkpoint needs: which keys changed and which were removed since the last snapshot. Its owner
// charges bytes() to the pipeline's budget. Owned by one operator, one thread. References
// stay valid until the next insertion or removal.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "state/key_hash.hpp"
#include "state/state_io.hpp"

namespace sluice {

template <class Value>
class KeyedTable {
 public:
  // `table`: what StateEntry::table says for its entries.
  explicit KeyedTable(uint8_t table) : table_(table) {}

  const Value* find(std::string_view key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second;
  }
  // The key's value, made if it is not there; counts as changed.
  Value& change(std::string_view key) {
    auto found = entries_.find(key);
    if (found == entries_.end()) {
      found = entries_.emplace(std::string(key), Value{}).first;
      bytes_ += key.size() + overhead_bytes;
    }
    note_changed(found->first);
    return found->second;
  }
  void remove(std::string_view key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    bytes_ -= found->first.size() + overhead_bytes;
    note_changed(found->first);
    entries_.erase(found);
  }
  // Removes the entries for which `is_dead(value)`. Cost: the whole table.
  template <class Predicate>
  size_t remove_if(Predicate is_dead) {
    size_t removed = 0;
    for (auto entry = entries_.begin(); entry != entries_.end();) {
      if (!is_dead(entry->second)) {
        ++entry;
        continue;
      }
      bytes_ -= entry->first.size() + overhead_bytes;
      note_changed(entry->first);
      entries_.erase(entry++);
      ++removed;
    }
    return removed;
  }
  template <class Visitor>
  void for_each(Visitor visit) const {
    for (const auto& [key, value] : entries_) visit(key, value);
  }

  size_t size() const { return entries_.size(); }
  // Of keys, table slots and what is noted for the next snapshot; what values own beside is the
  // operator's to add.
  uint64_t bytes() const { return bytes_ + changed_bytes_; }

  // `encode(value, out)` appends a value's bytes.
  template <class Encode>
  void snapshot(StateWriter& writer, Encode encode) {
    std::string bytes;
    const auto put = [&](std::string_view key, const Value& value) {
      bytes.clear();
      encode(value, bytes);
      writer.put(table_, key_group_of(hash_bytes(key)), key, bytes);
    };
    if (writer.kind() == SnapshotKind::full) {
      for_each(put);
    } else {
      for (const std::string& key : changed_) {
        const Value* value = find(key);
        if (value != nullptr) put(key, *value);
        if (value == nullptr) writer.remove(table_, key_group_of(hash_bytes(key)), key);
      }
    }
    changed_ = {};
    changed_bytes_ = 0;
  }
  // The value to fill for a restored entry; does not count as changed.
  Value& restore(std::string_view key) {
    bytes_ += key.size() + overhead_bytes;
    return entries_.emplace(std::string(key), Value{}).first->second;
  }

 private:
  void note_changed(const std::string& key) {
    if (changed_.insert(key).second) changed_bytes_ += key.size() + changed_overhead_bytes;
  }

  // A node of the hash set.
  static constexpr uint64_t changed_overhead_bytes = sizeof(std::string) + 4 * sizeof(void*);
  // A slot of the hash table and the key's string.
  static constexpr uint64_t overhead_bytes = sizeof(Value) + sizeof(std::string) + 8;

  uint8_t table_;
  absl::flat_hash_map<std::string, Value, KeyHash, KeyEqual> entries_;
  std::unordered_set<std::string> changed_;  // since the last snapshot, removed ones too
  uint64_t bytes_ = 0;
  uint64_t changed_bytes_ = 0;
};

}  // namespace sluice
