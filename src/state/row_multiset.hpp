// RowMultiset: whole rows per key, each with how many there are of it and with a number that may
// change, such as how many partners a row of an outer join has. Rows of a key are found by their
// bytes at once, however many there are, and visited in the order in which they first came. Owned
// as state_store.hpp says.
//
// TTL: a row is kept until the clock is past the time of its last copy + ttl, and some time longer:
// sweep() frees what is. Until then it is there for everyone.
//
// State entry: key bytes with their length, then the row; count, value and time (8 bytes each).
#pragma once

#include <absl/container/flat_hash_set.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "state/key_table.hpp"
#include "state/removals.hpp"
#include "state/state_store.hpp"
#include "state/time_to_live.hpp"

namespace sluice {

class RowMultiset final : public StateStore {
 public:
  // A row, until it is taken back for the last time or freed.
  using Handle = uint32_t;
  static constexpr Handle none = UINT32_MAX;

  RowMultiset(uint8_t table, int64_t ttl_us) : table_(table), ttl_(ttl_us) {}

  // One more of a row; a new one has the value 0.
  Handle add(const HashedKey& key, std::string_view row, int64_t time_us);
  Handle find(const HashedKey& key, std::string_view row) const;
  // One less of it; the last takes it away.
  void take_back(Handle row);
  // The first row of a key, and the one behind another one; none: there is no more.
  Handle first(const HashedKey& key) const;
  Handle next(Handle row) const { return rows_[row].next; }

  std::string_view bytes_of(Handle row) const { return rows_[row].bytes; }
  int64_t count(Handle row) const { return rows_[row].count; }
  // Of its last copy.
  int64_t time_us(Handle row) const { return rows_[row].time_us; }
  int64_t value(Handle row) const { return rows_[row].value; }
  void set_value(Handle row, int64_t value);

  // How many rows there are, copies counted.
  int64_t total_rows() const { return total_rows_; }

  // Frees what its TTL is over for, once it is worth looking for it; how many rows that were.
  int64_t sweep(int64_t clock_us);

  bool has_table(uint8_t table) const override { return table == table_; }
  uint64_t bytes() const override;
  void snapshot(StateWriter& writer) override;
  Status restore(const StateEntry& entry) override;

 private:
  struct KeyRows {
    Handle first = none;
    Handle last = none;
  };
  struct Row {
    std::string bytes;
    uint32_t key = KeyTable::no_id;  // that: the place is free
    Handle previous = none;
    Handle next = none;  // of a free place: the next free one
    int64_t count = 0;
    int64_t value = 0;
    int64_t time_us = 0;
    bool is_changed = false;  // since the last snapshot
    bool is_saved = false;    // in any snapshot
  };
  // What the index is asked for: rows by their key and bytes.
  struct Probe {
    uint32_t key;
    uint64_t hash;
    std::string_view bytes;
  };
  struct RowHash {
    using is_transparent = void;
    size_t operator()(Handle row) const;
    size_t operator()(const Probe& probe) const;
    const RowMultiset* of;
  };
  struct RowEqual {
    using is_transparent = void;
    bool operator()(Handle left, Handle right) const { return left == right; }
    bool operator()(Handle row, const Probe& probe) const;
    bool operator()(const Probe& probe, Handle row) const { return (*this)(row, probe); }
    const RowMultiset* of;
  };

  uint32_t intern(const HashedKey& key);
  Probe probe(uint32_t key, std::string_view row) const { return {key, keys_.hash(key), row}; }
  Handle append(uint32_t key, std::string_view bytes);
  void remove(Handle row);
  void note_changed(Handle row);
  void release();
  std::string entry_key(const Row& row) const;

  const uint8_t table_;
  TimeToLive ttl_;
  KeyTable keys_;
  std::vector<KeyRows> rows_of_key_;  // by the keys' ids
  std::vector<Row> rows_;
  Handle free_ = none;
  absl::flat_hash_set<Handle, RowHash, RowEqual> index_{0, RowHash{this}, RowEqual{this}};
  std::vector<Handle> changed_;  // since the last snapshot
  Removals removals_;            // of what went since then
  int64_t total_rows_ = 0;
  uint64_t text_bytes_ = 0;  // of rows, outside of rows_
};

}  // namespace sluice
