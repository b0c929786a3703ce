// TimedRows: rows per key in order of time, in one list or in more: of the sides of a join by time.
// Rows with a time in a range are found, and those before a time are freed, many at once: they lie
// in buckets of time. Owned as state_store.hpp says.
//
// Each list is a table of its own. State entry: key bytes and the row's id (8 bytes); time, seen,
// whether it had a match (1 byte), and the row.
#pragma once

#include <absl/container/inlined_vector.h>

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "state/byte_blocks.hpp"
#include "state/key_table.hpp"
#include "state/removals.hpp"
#include "state/state_store.hpp"

namespace sluice {

class TimedRows final : public StateStore {
 public:
  // A row that is kept, until it is freed.
  struct Row {
    int64_t time_us;
    int64_t seen_us;  // RowMeta::seen
    uint64_t id;      // in order of arrival
    uint32_t size;
    bool is_matched;

    // The store's own.
    bool is_changed;  // since the last snapshot
    bool is_saved;    // in any snapshot
    uint32_t key;     // its id

    uint32_t note = 0;  // its reader's own, to know again a row that it has met

    // RowCodec encoding; it lies behind this.
    std::string_view bytes() const { return {reinterpret_cast<const char*>(this + 1), size}; }
  };
  struct NewRow {
    int64_t time_us = 0;
    int64_t seen_us = 0;
    std::string_view bytes;
    bool is_matched = false;
  };
  // Where a row stands among those of its key.
  struct Place {
    int64_t time_us;
    Row* row;
  };
  // A key, until rows are freed.
  using Key = uint32_t;

  struct Freed {
    int64_t matched = 0;
    int64_t unmatched = 0;
  };

  // `bucket_us`: rows whose times fall into one bucket are freed together. The lists' tables are
  // 0, 1 and so on.
  TimedRows(size_t lists, int64_t bucket_us) : bucket_us_(bucket_us), lists_(lists) {}

  // The keys of these rows of a batch. Each of them has rows or gets one before any is freed.
  void intern(const BatchKeys& keys, std::span<const uint32_t> rows, std::vector<Key>& found);
  // Adds a row with each of the keys to a list.
  void add(size_t list, std::span<const Key> keys, std::span<const NewRow> added);
  // The rows of a list with a key and a time in [first, last], by time and then by arrival. Valid
  // until the next intern, add or free.
  std::span<const Place> range(size_t list, Key key, int64_t first_us, int64_t last_us) const;
  // Hints that range() will soon be asked of a key, and then of a list.
  void prefetch(Key key) const {
    const Places* const places = &places_[key * lists_.size()];
    __builtin_prefetch(places);
    __builtin_prefetch(places + lists_.size() - 1);
  }
  void prefetch_rows(size_t list, Key key) const {
    const Places& places = places_[key * lists_.size() + list];
    if (!places.empty()) __builtin_prefetch(places.front().row);
  }
  // Of a row of the list.
  void mark_matched(size_t list, Row& row);
  // Frees the rows of a list with time < cut_us, by whole buckets; `on_unmatched`, if there is one,
  // sees each that had no match once.
  Result<Freed> free_before(size_t list, int64_t cut_us,
                            const std::function<Status(const Row&)>& on_unmatched);
  // Rows with such times may have been freed: all that were are before it. INT64_MIN: none was.
  int64_t freed_before_us(size_t list) const { return lists_[list].freed_before_us; }

  bool has_table(uint8_t table) const override { return table < lists_.size(); }
  uint64_t bytes() const override;
  void snapshot(StateWriter& writer) override;
  Status restore(const StateEntry& entry) override;

 private:
  // The memory of its rows, and what is to be done when it goes.
  struct Bucket {
    int64_t first_us;  // times it takes: from here
    int64_t last_us;   // to here
    ByteBlocks blocks;
    std::vector<Key> keys;      // that have rows here
    std::vector<Row*> changed;  // since the last snapshot

    bool takes(int64_t time_us) const { return first_us <= time_us && time_us <= last_us; }
  };
  struct List {
    std::map<int64_t, Bucket> buckets;  // by their first time
    Bucket* newest = nullptr;           // the one that was filled last
    Removals removals;                  // of what was freed since the last snapshot
    int64_t freed_before_us = INT64_MIN;
  };
  // Of one key in one list, by time and then by id.
  using Places = absl::InlinedVector<Place, 1>;

  Bucket& bucket_at(List& list, int64_t time_us);
  Places& places_of(size_t list, Key key) { return places_[key * lists_.size() + list]; }
  void insert(size_t list, Key key, const NewRow& added, uint64_t id, bool is_saved);
  void note_changed(Row& row, Bucket& bucket);
  Status free_rows(size_t list, Key key, const Bucket& bucket, Freed& freed,
                   const std::function<Status(const Row&)>& on_unmatched);
  void forget_if_empty(Key key);
  void put(size_t list, StateWriter& writer, Row& row);
  void write_entry_key(const Row& row);
  static uint64_t cost_of(const Bucket& bucket);
  static uint64_t cost_of(const Places& places);

  const int64_t bucket_us_;
  std::vector<List> lists_;
  KeyTable keys_;
  std::vector<Places> places_;  // by the keys' ids, and for each by list
  uint64_t next_id_ = 0;
  uint64_t bytes_ = 0;  // of buckets, and of places outside of places_
  std::string entry_key_;
};

}  // namespace sluice
