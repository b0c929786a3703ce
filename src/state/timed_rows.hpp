// TimedRows: rows per key in order of time: of one side of a join by time. Rows with a time in a
// range are found, and those before a time are freed. Owned as state_store.hpp says.
//
// State entry: key bytes and the row's id (8 bytes); time, seen, whether it had a match (1 byte),
// and the row.
#pragma once

#include <absl/container/node_hash_map.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "state/key_hash.hpp"
#include "state/removals.hpp"
#include "state/state_store.hpp"

namespace sluice {

class TimedRows final : public StateStore {
 public:
  struct KeyRows;
  struct Row {
    int64_t time_us = 0;
    int64_t seen_us = 0;  // RowMeta::seen
    std::string bytes;    // RowCodec encoding
    bool is_matched = false;

    // The store's own.
    bool is_changed = false;  // since the last snapshot
    bool is_saved = false;    // in any snapshot
    uint64_t id = 0;          // in order of arrival
    KeyRows* key = nullptr;
  };

  // `bucket_us`: rows whose times fall into one bucket are freed together.
  TimedRows(uint8_t table, int64_t bucket_us) : table_(table), bucket_us_(bucket_us) {}

  void add(std::string_view key, Row row);
  // The rows of a key with a time in [first, last], by time. Valid until the next add or free.
  std::span<Row> range(std::string_view key, int64_t first_us, int64_t last_us);
  // Of a row of range().
  void mark_matched(Row& row);
  // Frees the rows with time < cut_us, by whole buckets; `on_freed` sees each once.
  Status free_before(int64_t cut_us, const std::function<Status(const Row&)>& on_freed);
  // Rows with such times may have been freed: all that were are before it. INT64_MIN: none was.
  int64_t freed_before_us() const { return freed_before_us_; }

  bool has_table(uint8_t table) const override { return table == table_; }
  uint64_t bytes() const override { return bytes_ + noted_bytes_ + removals_.bytes(); }
  void snapshot(StateWriter& writer) override;
  Status restore(const StateEntry& entry) override;

 private:
  // Rows by time and then by id.
  using Keys = absl::node_hash_map<std::string, KeyRows, KeyHash, KeyEqual>;

  int64_t bucket_of(int64_t time_us) const;
  int64_t end_of(int64_t bucket) const;
  KeyRows& rows_of(std::string_view key);
  void insert(std::string_view key, Row row);
  void note_changed(Row& row);
  void free_bucket(KeyRows& key, int64_t bucket, std::vector<Row>& freed);
  void forget_if_empty(KeyRows& key);
  void put(StateWriter& writer, Row& row) const;

  const uint8_t table_;
  const int64_t bucket_us_;
  Keys keys_;
  // Those that have rows in a bucket, some more than once.
  std::map<int64_t, std::vector<KeyRows*>> keys_by_bucket_;
  std::vector<KeyRows*> changed_keys_;  // since the last snapshot
  Removals removals_;                   // of what was freed since then
  int64_t freed_before_us_ = INT64_MIN;
  uint64_t next_id_ = 0;
  uint64_t bytes_ = 0;
  uint64_t noted_bytes_ = 0;
};

struct TimedRows::KeyRows {
  const std::string* key = nullptr;  // of the table
  std::vector<Row> rows;
  int64_t newest_bucket = INT64_MIN;  // of those that list it
  size_t listed = 0;                  // how often buckets do
  bool is_noted = false;              // among the changed ones
};

}  // namespace sluice
