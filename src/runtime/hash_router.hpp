// HashRouter: splits a batch by the key groups of its rows' keys, for the tasks that own them. The
// hash is that of RowCodec's key encoding, the same that keyed operators use, so that a key's rows
// meet its state. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/record_batch.hpp"
#include "data/row_codec.hpp"

namespace sluice {

class HashRouter {
 public:
  HashRouter(const Schema& schema, std::vector<size_t> columns, uint32_t parallelism);

  // One batch per task, by index; empty where a task gets nothing.
  std::vector<RecordBatch> route(const RecordBatch& batch);

 private:
  std::vector<size_t> columns_;
  RowCodec codec_;
  uint32_t parallelism_;
  std::string key_;
  std::vector<std::vector<uint32_t>> rows_;
};

}  // namespace sluice
