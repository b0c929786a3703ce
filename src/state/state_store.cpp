#include "state/state_store.hpp"

namespace sluice {

void StateStores::open(MemoryPool& memory, std::string who, Counter* gauge) {
  reservation_.emplace(memory, std::move(who), gauge);
}

Status StateStores::charge(uint64_t derived_bytes) {
  uint64_t bytes = derived_bytes;
  for (const StateStore* store : stores_) bytes += store->bytes();
  return reservation_->resize(bytes);
}

void StateStores::snapshot(StateWriter& writer) {
  for (StateStore* store : stores_) store->snapshot(writer);
}

Status StateStores::restore(const StateEntry& entry) {
  for (StateStore* store : stores_) {
    if (store->has_table(entry.table)) return store->restore(entry);
  }
  return fail(ErrorCode::state_corrupt,
              "saved state has no table " + std::to_string(entry.table) + " here");
}

}  // namespace sluice
