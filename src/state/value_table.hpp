// ValueTable: one value per key. A Value says how it is saved and what it weighs:
//   void encode(std::string& out) const;
//   static std::optional<Value> decode(std::string_view bytes);   // none: malformed
//   uint64_t owned_bytes() const;                                 // beside its own size
// Pointers stay valid until the next put or removal.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "state/key_hash.hpp"
#include "state/state_store.hpp"

namespace sluice {

template <class Value>
class ValueTable final : public StateStore {
 public:
  // `what`: "an image of a changelog", for the error of an entry that cannot be read.
  ValueTable(uint8_t table, std::string what) : table_(table), what_(std::move(what)) {}

  const Value* find(std::string_view key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second;
  }
  void put(std::string_view key, Value value) {
    update(key, [&](Value& known) { known = std::move(value); });
  }
  // Changes the value of a key, which is made if it is not there, by `change(value)`.
  template <class Change>
  void update(std::string_view key, Change change) {
    auto found = entries_.find(key);
    if (found == entries_.end()) {
      found = entries_.emplace(std::string(key), Value{}).first;
      bytes_ += key.size() + overhead_bytes;
    }
    bytes_ -= found->second.owned_bytes();
    change(found->second);
    bytes_ += found->second.owned_bytes();
    note_changed(found->first);
  }
  void remove(std::string_view key) {
    const auto found = entries_.find(key);
    if (found != entries_.end()) forget(found);
  }
  // Removes the entries for which `is_dead(value)`. Cost: the whole table.
  template <class Predicate>
  void remove_if(Predicate is_dead) {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
      const auto next = std::next(entry);
      if (is_dead(entry->second)) forget(entry);
      entry = next;
    }
  }

  bool has_table(uint8_t table) const override { return table == table_; }
  uint64_t bytes() const override { return bytes_ + changed_bytes_; }

  void snapshot(StateWriter& writer) override {
    std::string bytes;
    const auto write = [&](const std::string& key, const Value& value) {
      bytes.clear();
      value.encode(bytes);
      writer.put(table_, key_group_of(hash_bytes(key)), key, bytes);
    };
    if (writer.kind() == SnapshotKind::full) {
      for (const auto& [key, value] : entries_) write(key, value);
    } else {
      for (const std::string& key : changed_) {
        const Value* value = find(key);
        if (value != nullptr) write(key, *value);
        if (value == nullptr) writer.remove(table_, key_group_of(hash_bytes(key)), key);
      }
    }
    changed_ = {};
    changed_bytes_ = 0;
  }

  Status restore(const StateEntry& entry) override {
    std::optional<Value> value = Value::decode(entry.value);
    if (!value) return fail(ErrorCode::state_corrupt, what_ + " that was saved is malformed");
    bytes_ += entry.key.size() + overhead_bytes + value->owned_bytes();
    entries_.emplace(std::string(entry.key), std::move(*value));
    return {};
  }

 private:
  using Entries = absl::flat_hash_map<std::string, Value, KeyHash, KeyEqual>;

  void forget(typename Entries::iterator entry) {
    bytes_ -= entry->first.size() + overhead_bytes + entry->second.owned_bytes();
    note_changed(entry->first);
    entries_.erase(entry);
  }
  void note_changed(const std::string& key) {
    if (changed_.insert(key).second) changed_bytes_ += key.size() + changed_overhead_bytes;
  }

  // A node of the hash set.
  static constexpr uint64_t changed_overhead_bytes = sizeof(std::string) + 4 * sizeof(void*);
  // A slot of the hash table and the key's string.
  static constexpr uint64_t overhead_bytes = sizeof(Value) + sizeof(std::string) + 8;

  const uint8_t table_;
  const std::string what_;
  Entries entries_;
  std::unordered_set<std::string> changed_;  // since the last snapshot, removed ones too
  uint64_t bytes_ = 0;
  uint64_t changed_bytes_ = 0;
};

}  // namespace sluice
