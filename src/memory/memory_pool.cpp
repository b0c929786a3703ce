#include "memory/memory_pool.hpp"

#include <string>

#include "base/assert.hpp"

namespace sluice {

Status MemoryPool::reserve(uint64_t bytes, std::string_view who) {
  uint64_t used = used_bytes_.load();
  // A refused request takes nothing meanwhile from those that fit.
  while (bytes <= budget_bytes_ - used) {
    if (used_bytes_.compare_exchange_weak(used, used + bytes)) return {};
  }
  return fail(ErrorCode::budget_exceeded, std::string(who) + " needs " + std::to_string(bytes) +
                                              " more bytes; " + std::to_string(used) + " of the " +
                                              std::to_string(budget_bytes_) +
                                              " bytes of state.budget are in use");
}

void MemoryPool::release(uint64_t bytes) {
  const uint64_t before = used_bytes_.fetch_sub(bytes);
  SLUICE_ASSERT(before >= bytes, "more memory released than reserved");
}

Reservation::~Reservation() {
  pool_->release(bytes_);
  if (gauge_ != nullptr) gauge_->add(-static_cast<int64_t>(bytes_));
}

Status Reservation::resize(uint64_t bytes) {
  if (bytes > bytes_) SLUICE_TRY(pool_->reserve(bytes - bytes_, who_));
  if (bytes < bytes_) pool_->release(bytes_ - bytes);
  if (gauge_ != nullptr) gauge_->add(static_cast<int64_t>(bytes) - static_cast<int64_t>(bytes_));
  bytes_ = bytes;
  return {};
}

}  // namespace sluice
