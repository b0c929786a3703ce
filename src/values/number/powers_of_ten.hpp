// Powers of ten as far as a Numeric reaches. Constant data.
#pragma once

#include <array>

#include "values/number/numeric.hpp"

namespace sluice {

// powers_of_ten[n] = 10^n, n from 0 to Numeric::max_digits.
inline constexpr auto powers_of_ten = [] {
  std::array<Int128, Numeric::max_digits + 1> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

}  // namespace sluice
