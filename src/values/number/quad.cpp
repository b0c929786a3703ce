#include "values/number/quad.hpp"

#include <quadmath.h>

#include <algorithm>

#include "values/number/powers_of_ten.hpp"

namespace sluice {

Quad quad_of(const Numeric& value) {
  return static_cast<Quad>(value.coefficient()) / static_cast<Quad>(powers_of_ten[value.scale()]);
}

Result<Numeric> numeric_of(Quad value, int scale) {
  constexpr int most = Numeric::max_digits;
  const Quad limit = static_cast<Quad>(powers_of_ten[most]);
  const Quad scaled =
      scale > most ? limit : floorq(fabsq(value) * static_cast<Quad>(powers_of_ten[scale]) + 0.5);
  if (!(scaled < limit)) {
    return fail(ErrorCode::value_out_of_range, "numeric result has more than 38 digits");
  }
  const auto digits = static_cast<Int128>(scaled);
  return Numeric(value < 0 ? -digits : digits, static_cast<uint8_t>(scale));
}

int result_scale(double weight, int least) {
  constexpr int least_significant_digits = 16;
  return std::max({least_significant_digits - static_cast<int>(weight), least, 0});
}

}  // namespace sluice
