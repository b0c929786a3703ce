// ValueTable: one value per key. A Value says how it is saved and what it weighs:
//   void encode(std::string& out) const;
//   static std::optional<Value> decode(std::string_view bytes);   // none: malformed
//   uint64_t owned_bytes() const;                                 // beside its own size
// Keys are probed a batch at a time for handles, by which their values are looked at and changed.
#pragma once

#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/release_memory.hpp"
#include "state/key_table.hpp"
#include "state/removals.hpp"
#include "state/state_store.hpp"

namespace sluice {

template <class Value>
class ValueTable final : public StateStore {
 public:
  // A key, with a value or without, until end_batch().
  using Handle = uint32_t;

  // `what`: "an image of a changelog", for the error of an entry that cannot be read.
  ValueTable(uint8_t table, std::string what) : table_(table), what_(std::move(what)) {}

  // The handles of a batch's keys, known ones or new, by row.
  void probe(const BatchKeys& keys, std::vector<Handle>& handles) {
    if (rows_.size() < keys.size()) {
      rows_.resize(keys.size());
      std::iota(rows_.begin(), rows_.end(), 0);
    }
    keys_.intern(keys, std::span(rows_).first(keys.size()), handles);
    places_.resize(keys_.id_bound());
    probed_.insert(probed_.end(), handles.begin(), handles.end());
  }
  Handle probe(const HashedKey& key) {
    const Handle handle = keys_.intern(key);
    places_.resize(keys_.id_bound());
    probed_.push_back(handle);
    return handle;
  }
  // The keys that have no value are forgotten, and all handles with them.
  void end_batch() {
    for (const Handle handle : probed_) {
      if (!places_[handle].value && keys_.is_live(handle)) keys_.erase(handle);
    }
    probed_.clear();
  }

  // None: null. Valid until the next change or probe.
  const Value* find(Handle handle) const {
    const std::optional<Value>& value = places_[handle].value;
    return value ? &*value : nullptr;
  }
  void put(Handle handle, Value value) {
    change(handle, [&](Value& known) { known = std::move(value); });
  }
  // Changes the value of a key, which is made if it is not there, by `change(value)`.
  template <class Change>
  void change(Handle handle, Change change) {
    Place& place = places_[handle];
    if (!place.value) place.value.emplace();
    owned_bytes_ -= place.value->owned_bytes();
    change(*place.value);
    owned_bytes_ += place.value->owned_bytes();
    note_changed(handle);
  }
  void remove(Handle handle) {
    Place& place = places_[handle];
    if (!place.value) return;
    owned_bytes_ -= place.value->owned_bytes();
    place.value.reset();
    if (std::exchange(place.is_saved, false)) {
      removals_.add(key_group_of(keys_.key(handle)), keys_.key(handle));
    }
  }
  // Removes the values for which `is_dead(value)`, between batches. Cost: the whole table.
  template <class Predicate>
  void remove_if(Predicate is_dead) {
    for (Handle handle = 0; handle < places_.size(); ++handle) {
      if (!places_[handle].value || !is_dead(*places_[handle].value)) continue;
      remove(handle);
      keys_.erase(handle);
    }
  }

  bool has_table(uint8_t table) const override { return table == table_; }
  uint64_t bytes() const override {
    return keys_.allocated_bytes() + places_.capacity() * sizeof(Place) + owned_bytes_ +
           (changed_.capacity() + probed_.capacity() + rows_.capacity()) * sizeof(Handle) +
           removals_.bytes();
  }

  // What went first, for it may have come again since.
  void snapshot(StateWriter& writer) override {
    removals_.write(table_, writer);
    if (writer.kind() == SnapshotKind::full) {
      for (Handle handle = 0; handle < places_.size(); ++handle) write(handle, writer);
    } else {
      for (const Handle handle : changed_) {
        if (places_[handle].is_changed) write(handle, writer);
      }
    }
    release_memory(changed_);
    if (keys_.size() == 0) release();
  }

  Status restore(const StateEntry& entry) override {
    std::optional<Value> value = Value::decode(entry.value);
    if (!value) return fail(ErrorCode::state_corrupt, what_ + " that was saved is malformed");
    const Handle handle = keys_.intern(HashedKey(entry.key));
    places_.resize(keys_.id_bound());
    Place& place = places_[handle];
    place.value = std::move(value);
    place.is_saved = true;
    owned_bytes_ += place.value->owned_bytes();
    return {};
  }

 private:
  struct Place {
    std::optional<Value> value;
    bool is_changed = false;  // since the last snapshot
    bool is_saved = false;    // in any snapshot
  };

  void release() {
    keys_.release();
    release_memory(places_);
    release_memory(probed_);
    release_memory(rows_);
  }
  void note_changed(Handle handle) {
    if (!std::exchange(places_[handle].is_changed, true)) changed_.push_back(handle);
  }
  void write(Handle handle, StateWriter& writer) {
    Place& place = places_[handle];
    place.is_changed = false;
    if (!place.value) return;
    place.is_saved = true;
    std::string bytes;
    place.value->encode(bytes);
    writer.put(table_, key_group_of(keys_.key(handle)), keys_.key(handle), bytes);
  }

  const uint8_t table_;
  const std::string what_;
  KeyTable keys_;
  std::vector<Place> places_;    // by the keys' ids
  std::vector<uint32_t> rows_;   // 0, 1, 2 and so on, of the largest batch
  std::vector<Handle> probed_;   // of this batch
  std::vector<Handle> changed_;  // since the last snapshot
  Removals removals_;            // of what went since then
  uint64_t owned_bytes_ = 0;
};

}  // namespace sluice
