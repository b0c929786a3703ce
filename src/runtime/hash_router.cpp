#include "runtime/hash_router.hpp"

#include "state/state_io.hpp"

namespace sluice {

HashRouter::HashRouter(const Schema& schema, std::vector<size_t> columns, uint32_t parallelism)
    : encoder_(schema, std::move(columns)), parallelism_(parallelism), rows_(parallelism) {}

std::vector<RecordBatch> HashRouter::route(const RecordBatch& batch) {
  for (std::vector<uint32_t>& rows : rows_) rows.clear();
  encoder_.encode_bytes(batch, keys_);
  for (size_t row = 0; row < batch.rows(); ++row) {
    const uint32_t task = owner_of(key_group_of(keys_.key(row)), parallelism_);
    rows_[task].push_back(static_cast<uint32_t>(row));
  }
  std::vector<RecordBatch> parts(parallelism_);
  for (uint32_t task = 0; task < parallelism_; ++task) {
    if (!rows_[task].empty()) parts[task] = batch.gather_owned(rows_[task]);
  }
  return parts;
}

}  // namespace sluice
