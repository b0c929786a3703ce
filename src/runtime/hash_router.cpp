#include "runtime/hash_router.hpp"

#include "base/checksum.hpp"
#include "state/state_io.hpp"

namespace sluice {

HashRouter::HashRouter(const Schema& schema, std::vector<size_t> columns, uint32_t parallelism)
    : columns_(std::move(columns)),
      codec_(types_of(schema, columns_)),
      parallelism_(parallelism),
      rows_(parallelism) {}

std::vector<RecordBatch> HashRouter::route(const RecordBatch& batch) {
  for (std::vector<uint32_t>& rows : rows_) rows.clear();
  for (size_t row = 0; row < batch.rows(); ++row) {
    key_.clear();
    codec_.encode_key(batch, columns_, row, key_);
    const uint32_t task = owner_of(key_group_of(hash_bytes(key_)), parallelism_);
    rows_[task].push_back(static_cast<uint32_t>(row));
  }
  std::vector<RecordBatch> parts(parallelism_);
  for (uint32_t task = 0; task < parallelism_; ++task) {
    if (!rows_[task].empty()) parts[task] = batch.gather_owned(rows_[task]);
  }
  return parts;
}

}  // namespace sluice
