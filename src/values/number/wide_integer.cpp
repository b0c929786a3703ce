#include "values/number/wide_integer.hpp"

namespace sluice {

UInt256 multiply(UInt128 left, UInt128 right) {
  const UInt128 mask = UINT64_MAX;
  const UInt128 low = (left & mask) * (right & mask);
  const UInt128 first = (left >> 64) * (right & mask) + (low >> 64);
  const UInt128 second = (left & mask) * (right >> 64) + (first & mask);
  const UInt128 high = (left >> 64) * (right >> 64) + (first >> 64) + (second >> 64);
  return {high, (second << 64) | (low & mask)};
}

bool multiply_by(UInt256& value, UInt128 factor) {
  const UInt256 low = multiply(value.low, factor);
  const UInt256 high = multiply(value.high, factor);
  value.low = low.low;
  value.high = low.high + high.low;
  return high.high == 0 && value.high >= low.high;
}

WideQuotient divide(const UInt256& dividend, UInt128 divisor) {
  if (dividend.high == 0) return {dividend.low / divisor, dividend.low % divisor, true};
  WideQuotient result;
  result.fits = dividend.high < divisor;
  result.remainder = dividend.high % divisor;
  for (int bit = 127; bit >= 0; --bit) {
    result.remainder = (result.remainder << 1) | ((dividend.low >> bit) & 1);
    result.quotient <<= 1;
    if (result.remainder >= divisor) {
      result.remainder -= divisor;
      result.quotient |= 1;
    }
  }
  return result;
}

}  // namespace sluice
