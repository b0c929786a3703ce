// SavedEntries: what the snapshots of a store amount to, as a checkpoint keeps them. Owned by a
// test, one thread.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "state/state_store.hpp"

namespace sluice::test {

class SavedEntries {
 public:
  void take(StateStore& store, SnapshotKind kind) {
    if (kind == SnapshotKind::full) entries_.clear();
    Writer writer(kind, entries_);
    store.snapshot(writer);
    marks_ = writer.marks;
  }
  // True when every entry was taken.
  bool restore(StateStore& store) const {
    for (const auto& [key, value] : entries_) {
      if (!store.restore({key.first, KeyGroup(0), key.second, value})) return false;
    }
    return true;
  }
  const std::map<std::pair<uint8_t, std::string>, std::string>& entries() const { return entries_; }
  // Written by the last snapshot.
  size_t marks() const { return marks_; }

 private:
  using Entries = std::map<std::pair<uint8_t, std::string>, std::string>;

  struct Writer final : StateWriter {
    Writer(SnapshotKind of, Entries& to) : snapshot_kind(of), entries(to) {}
    SnapshotKind kind() const override { return snapshot_kind; }
    void put(uint8_t table, KeyGroup, std::string_view key, std::string_view value) override {
      ++marks;
      entries[{table, std::string(key)}] = value;
    }
    void remove(uint8_t table, KeyGroup, std::string_view key) override {
      ++marks;
      entries.erase({table, std::string(key)});
    }
    SnapshotKind snapshot_kind;
    Entries& entries;
    size_t marks = 0;
  };

  Entries entries_;
  size_t marks_ = 0;
};

}  // namespace sluice::test
