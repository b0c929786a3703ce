#include "memory/allowance.hpp"

namespace sluice {

void Allowance::reserve(uint64_t bytes) {
  refusal_ = pool_->reserve(bytes, "a batch of rows");
  if (!refusal_) exceed();
}

void Allowance::exceed() {
  is_exceeded_ = true;
  throw AllowanceExceeded();
}

}  // namespace sluice
