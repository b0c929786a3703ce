// TimedRows: rows per key in order of time: of one side of a join by time. Rows with a time in a
// range are found, and those before a time are freed, many at once: they lie in buckets of time.
// Owned as state_store.hpp says.
//
// State entry: key bytes and the row's id (8 bytes); time, seen, whether it had a match (1 byte),
// and the row.
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
  // A key that has rows, until rows are added or freed.
  using Key = uint32_t;
  static constexpr Key none = KeyTable::no_id;

  struct Freed {
    int64_t matched = 0;
    int64_t unmatched = 0;
  };

  // `bucket_us`: rows whose times fall into one bucket are freed together.
  TimedRows(uint8_t table, int64_t bucket_us) : table_(table), bucket_us_(bucket_us) {}

  // The keys of these rows of a batch; none: it has no rows.
  void find(const BatchKeys& keys, std::span<const uint32_t> rows, std::vector<Key>& found) const {
    keys_.find(keys, rows, found);
  }
  // The rows of a key with a time in [first, last], by time and then by arrival. Valid until the
  // next add or free.
  std::span<const Place> range(Key key, int64_t first_us, int64_t last_us) const;
  void mark_matched(Row& row);
  // Adds one row for each of these rows of a batch, with its key.
  void add(const BatchKeys& keys, std::span<const uint32_t> rows, std::span<const NewRow> added);
  // Frees the rows with time < cut_us, by whole buckets; `on_unmatched`, if there is one, sees each
  // that had no match once.
  Result<Freed> free_before(int64_t cut_us, const std::function<Status(const Row&)>& on_unmatched);
  // Rows with such times may have been freed: all that were are before it. INT64_MIN: none was.
  int64_t freed_before_us() const { return freed_before_us_; }

  bool has_table(uint8_t table) const override { return table == table_; }
  uint64_t bytes() const override;
  void snapshot(StateWriter& writer) override;
  Status restore(const StateEntry& entry) override;

 private:
  // The memory of its rows, and what is to be done when it goes.
  struct Bucket {
    ByteBlocks blocks;
    std::vector<Key> keys;      // that have rows here, some more than once
    std::vector<Row*> changed;  // since the last snapshot
  };
  struct KeyRows {
    absl::InlinedVector<Place, 1> places;  // by time, then by id
    int64_t newest_bucket = INT64_MIN;     // of those that list it
    uint32_t listed = 0;                   // how often buckets do
  };

  int64_t bucket_of(int64_t time_us) const;
  int64_t end_of(int64_t bucket) const;
  Bucket& bucket_at(int64_t index);
  void insert(Key key, const NewRow& added, uint64_t id, bool is_saved);
  void note_changed(Row& row, Bucket& bucket);
  Status free_rows(Key key, int64_t bucket, Freed& freed,
                   const std::function<Status(const Row&)>& on_unmatched);
  void put(StateWriter& writer, Row& row);
  KeyGroup group_of(Key key) const { return key_group_of(keys_.hash(key)); }
  void write_entry_key(const Row& row);
  static uint64_t cost_of(const Bucket& bucket);
  static uint64_t cost_of(const KeyRows& rows);

  const uint8_t table_;
  const int64_t bucket_us_;
  KeyTable keys_;
  std::vector<KeyRows> rows_of_key_;  // by the keys' ids
  std::map<int64_t, Bucket> buckets_;
  std::pair<int64_t, Bucket*> newest_{0, nullptr};  // the one that was filled last
  Removals removals_;                               // of what was freed since the last snapshot
  int64_t freed_before_us_ = INT64_MIN;
  uint64_t next_id_ = 0;
  uint64_t bytes_ = 0;  // of buckets, and of places outside of rows_of_key_
  std::vector<Key> ids_;
  std::string entry_key_;
};

}  // namespace sluice
