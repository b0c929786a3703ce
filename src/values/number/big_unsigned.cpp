#include "values/number/big_unsigned.hpp"

namespace sluice {

BigUnsigned::BigUnsigned(UInt128 value) {
  for (; value != 0; value >>= 32) limbs_.push_back(static_cast<uint32_t>(value));
}

void BigUnsigned::trim() {
  while (!limbs_.empty() && limbs_.back() == 0) limbs_.pop_back();
}

void BigUnsigned::multiply_by(const BigUnsigned& factor) {
  std::vector<uint32_t> product(limbs_.size() + factor.limbs_.size(), 0);
  for (size_t i = 0; i < limbs_.size(); ++i) {
    uint64_t carry = 0;
    for (size_t j = 0; j < factor.limbs_.size(); ++j) {
      carry += uint64_t{limbs_[i]} * factor.limbs_[j] + product[i + j];
      product[i + j] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    product[i + factor.limbs_.size()] = static_cast<uint32_t>(carry);
  }
  limbs_ = std::move(product);
  trim();
}

uint32_t BigUnsigned::divide_small(uint32_t divisor) {
  uint64_t remainder = 0;
  for (size_t i = limbs_.size(); i-- > 0;) {
    remainder = (remainder << 32) | limbs_[i];
    limbs_[i] = static_cast<uint32_t>(remainder / divisor);
    remainder %= divisor;
  }
  trim();
  return static_cast<uint32_t>(remainder);
}

void BigUnsigned::divide_by_power_of_ten(int exponent) {
  if (exponent == 0) return;
  for (; exponent > 9; exponent -= 9) divide_small(1'000'000'000);
  for (; exponent > 1; --exponent) divide_small(10);
  // The digit cut off last decides, whatever stood behind it.
  if (divide_small(10) < 5) return;
  for (uint32_t& limb : limbs_) {
    if (++limb != 0) return;
  }
  limbs_.push_back(1);
}

std::optional<UInt128> BigUnsigned::to_uint128() const {
  if (limbs_.size() > 4) return std::nullopt;
  UInt128 value = 0;
  for (size_t i = limbs_.size(); i-- > 0;) value = (value << 32) | limbs_[i];
  return value;
}

}  // namespace sluice
