// UInt256: the intermediate results of exact decimal arithmetic. Plain values.
#pragma once

#include <cstdint>

namespace sluice {

using UInt128 = unsigned __int128;

struct UInt256 {
  UInt128 high = 0;
  UInt128 low = 0;
};

UInt256 multiply(UInt128 left, UInt128 right);
// False when the product does not fit.
bool multiply_by(UInt256& value, UInt128 factor);

// What is left of a division. `quotient` holds only its lower half when `fits` is false.
struct WideQuotient {
  UInt128 quotient = 0;
  UInt128 remainder = 0;
  bool fits = true;
};
// The divisor is not zero and below 2^127.
WideQuotient divide(const UInt256& dividend, UInt128 divisor);

}  // namespace sluice
