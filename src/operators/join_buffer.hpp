// JoinBuffer: the rows of one side of an interval join that may still find partners: by key, and by
// time for freeing. Charged to the pipeline's budget by the operator. One owner, one thread.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "state/key_hash.hpp"
#include "state/state_io.hpp"

namespace sluice {

struct BufferedRow {
  uint64_t id = 0;  // unique per key
  int64_t time_us = 0;
  int64_t seen_us = 0;  // RowMeta::seen
  bool is_matched = false;
  bool is_changed = false;  // since the last snapshot
  std::string row;          // RowCodec encoding
};

class JoinBuffer {
 public:
  // `table`: of its state entries. `bucket_us`: rows whose times fall into one bucket are freed
  // together.
  JoinBuffer(uint8_t table, int64_t bucket_us) : table_(table), bucket_us_(bucket_us) {}

  void add(std::string_view key, BufferedRow row);
  // Rows of a key with a time in [first, last], in order of arrival; may be marked as matched.
  void matches(std::string_view key, int64_t first_us, int64_t last_us,
               std::vector<BufferedRow*>& found);
  void mark_matched(std::string_view key, BufferedRow& row);
  // Frees the rows with time < cut_us, by whole keys and times; `on_freed` sees each once.
  Status free_before(int64_t cut_us, const std::function<Status(const BufferedRow&)>& on_freed);

  // Rows with such times may have been freed: all that were are before it. INT64_MIN: none was.
  int64_t freed_before_us() const { return freed_before_us_; }
  // At least as far, as it was before a restore.
  void restore_freed_before(int64_t time_us) {
    freed_before_us_ = std::max(freed_before_us_, time_us);
  }

  size_t rows() const { return rows_; }
  // Of the rows, and of what is noted for the next snapshot.
  uint64_t bytes() const { return bytes_ + noted_bytes_; }

  void snapshot(StateWriter& writer);
  // Of an entry of this table. Error state_corrupt.
  Status restore(const StateEntry& entry);

 private:
  using Rows = std::vector<BufferedRow>;
  int64_t bucket_of(int64_t time_us) const;
  int64_t end_of(int64_t bucket) const;
  void note_changed(std::string_view key);
  void put(StateWriter& writer, std::string_view key, const BufferedRow& row);

  uint8_t table_;
  int64_t bucket_us_;
  absl::flat_hash_map<std::string, Rows, KeyHash, KeyEqual> by_key_;
  std::map<int64_t, std::vector<std::string>> keys_by_bucket_;  // a key once per row of the bucket
  std::vector<std::string> changed_keys_;
  std::vector<std::pair<std::string, uint64_t>> freed_;  // since the last snapshot
  int64_t freed_before_us_ = INT64_MIN;
  uint64_t next_id_ = 0;
  size_t rows_ = 0;
  uint64_t bytes_ = 0;
  uint64_t noted_bytes_ = 0;
};

}  // namespace sluice
