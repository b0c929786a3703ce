// EpochNetting: folds one epoch's changes of an upsert sink to at most one change per key. Over an
// upsert edge the last change of a key wins; over a retract edge whole rows are counted as a
// multiset, so that a retraction may come before or after the row it takes back. One task's, one
// thread. Its rows are charged to the pipeline's budget (budget_exceeded, naming the sink).
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/key_encoder.hpp"
#include "data/record_batch.hpp"
#include "data/row_codec.hpp"
#include "memory/memory_pool.hpp"
#include "state/key_hash.hpp"

namespace sluice {

class EpochNetting {
 public:
  // What is left of an epoch, sorted by key: deletes first, so that a key may move between rows.
  struct Netted {
    RecordBatch changes;    // kinds delete_row, then insert; empty when nothing is left
    RecordBatch conflicts;  // further rows for a key that has one: the query's key is not unique
  };

  EpochNetting(SchemaPtr schema, std::vector<size_t> key, bool edge_retracts, MemoryPool& memory,
               const std::string& sink);

  Status add(const RecordBatch& batch);
  // Ends the epoch.
  Result<Netted> take();

 private:
  struct Change {
    std::string row;  // RowCodec encoding of all columns
    int64_t count = 0;
  };
  static uint64_t cost_of(const Change& change) { return sizeof(Change) + change.row.size(); }
  void add_change(std::vector<Change>& changes, int64_t count);
  Result<RecordBatch> decode(const std::vector<const std::string*>& rows, size_t deletes) const;

  SchemaPtr schema_;
  std::vector<size_t> all_columns_;
  KeyEncoder key_encoder_;
  RowCodec row_codec_;
  bool edge_retracts_;
  Reservation reservation_;
  uint64_t bytes_ = 0;
  absl::flat_hash_map<std::string, std::vector<Change>, KeyHash, KeyEqual> by_key_;
  BatchKeys keys_;
  std::string row_bytes_;
};

}  // namespace sluice
