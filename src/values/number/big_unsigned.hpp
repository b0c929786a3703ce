// BigUnsigned: a whole number of any size, as far as exact powers need it. Plain value.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "values/number/wide_integer.hpp"

namespace sluice {

class BigUnsigned {
 public:
  explicit BigUnsigned(UInt128 value);

  size_t bits() const { return limbs_.size() * 32; }
  void multiply_by(const BigUnsigned& factor);
  // Divides by 10^exponent, rounding half up.
  void divide_by_power_of_ten(int exponent);
  // None when it does not fit.
  std::optional<UInt128> to_uint128() const;

 private:
  uint32_t divide_small(uint32_t divisor);
  void trim();

  std::vector<uint32_t> limbs_;  // the lowest first, no zero at the end
};

}  // namespace sluice
