// HashRouter: splits a batch by the key groups of its rows' keys, for the tasks that own them. A
// key's rows meet its state, for keyed operators have their keys of a KeyEncoder too. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "data/key_encoder.hpp"
#include "data/record_batch.hpp"

namespace sluice {

class HashRouter {
 public:
  HashRouter(const Schema& schema, std::vector<size_t> columns, uint32_t parallelism);

  // One batch per task, by index; empty where a task gets nothing.
  std::vector<RecordBatch> route(const RecordBatch& batch);

 private:
  KeyEncoder encoder_;
  uint32_t parallelism_;
  BatchKeys keys_;
  std::vector<std::vector<uint32_t>> rows_;
};

}  // namespace sluice
