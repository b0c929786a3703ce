// Rounding, signs, whole-number functions and buckets.
#include <cmath>
#include <limits>

#include "expr/kernel.hpp"
#include "values/number/checked_arithmetic.hpp"
#include "values/number/numeric_arithmetic.hpp"
#include "values/number/numeric_functions.hpp"

namespace sluice {

namespace {

using namespace types;

bool is_finite(const Numeric& value) { return value.is_finite(); }

Numeric sign_numeric(Numeric value) {
  if (value.kind() == Numeric::Kind::nan) return value;
  return Numeric(sign_of(value), 0);
}

void add_rounding(FunctionRegistry& registry) {
  const auto add = [&](const char* name, KernelSpec of_double, KernelSpec of_numeric,
                       const char* help) {
    registry.add(function(name, {double_precision}, double_precision, std::move(of_double), help));
    registry.add(function(name, {numeric}, numeric, std::move(of_numeric), help));
  };
  for (const char* name : {"ceil", "ceiling"}) {
    add(name, per_row([](double value) { return std::ceil(value); }), per_row<ceiling_of>(),
        "next whole number upwards");
  }
  add("floor", per_row([](double value) { return std::floor(value); }), per_row<floor_of>(),
      "next whole number downwards");
  add("round", per_row([](double value) { return std::rint(value); }),
      per_row([](Numeric value) { return round_to(value, 0); }), "nearest whole number");
  add("trunc", per_row([](double value) { return std::trunc(value); }),
      per_row([](Numeric value) { return truncate_to(value, 0); }), "without its fraction");
  add("sign", per_row([](double value) { return value > 0   ? 1.0
                                                : value < 0 ? -1.0
                                                            : 0.0; }),
      per_row<sign_numeric>(), "-1, 0 or 1");
  registry.add(function("round", {numeric, integer}, numeric, per_row<round_to>(),
                        "rounded to so many digits after the point"));
  registry.add(function("trunc", {numeric, integer}, numeric, per_row<truncate_to>(),
                        "cut to so many digits after the point"));
}

template <class Integer>
Result<Integer> gcd(Integer left, Integer right) {
  using Unsigned = std::make_unsigned_t<Integer>;
  const auto size = [](Integer value) {
    return value < 0 ? Unsigned{0} - static_cast<Unsigned>(value) : static_cast<Unsigned>(value);
  };
  Unsigned a = size(left);
  Unsigned b = size(right);
  while (b != 0) {
    const Unsigned rest = a % b;
    a = b;
    b = rest;
  }
  if (a > static_cast<Unsigned>(std::numeric_limits<Integer>::max())) {
    return fail_integer_range<Integer>();
  }
  return static_cast<Integer>(a);
}

template <class Integer>
Result<Integer> lcm(Integer left, Integer right) {
  if (left == 0 || right == 0) return 0;
  SLUICE_ASSIGN(const Integer divisor, gcd(left, right));
  SLUICE_ASSIGN(const Integer product,
                checked_multiply(static_cast<Integer>(left / divisor), right));
  if (product >= 0) return product;
  return checked_subtract<Integer>(0, product);
}

template <class Integer>
void add_divisors_of(FunctionRegistry& registry, Type type) {
  registry.add(
      function("gcd", {type, type}, type, per_row<gcd<Integer>>(), "greatest common divisor"));
  registry.add(
      function("lcm", {type, type}, type, per_row<lcm<Integer>>(), "least common multiple"));
}

void add_whole_numbers(FunctionRegistry& registry) {
  add_divisors_of<int32_t>(registry, integer);
  add_divisors_of<int64_t>(registry, bigint);
  registry.add(function("gcd", {numeric, numeric}, numeric, per_row<greatest_common_divisor>(),
                        "greatest common divisor"));
  registry.add(function("lcm", {numeric, numeric}, numeric, per_row<least_common_multiple>(),
                        "least common multiple"));
  registry.add(function("div", {numeric, numeric}, numeric, per_row<divide_truncated>(),
                        "quotient cut to a whole number"));
  registry.add(function("factorial", {bigint}, numeric, per_row<factorial>(), "n!"));
}

// Digits after the point: as stored, and as few as hold the value.
void add_scales(FunctionRegistry& registry) {
  using OptionalInteger = std::optional<int32_t>;
  registry.add(function("scale", {numeric}, integer, per_row([](Numeric value) {
                          return is_finite(value) ? OptionalInteger(value.scale()) : std::nullopt;
                        }),
                        "digits after the point"));
  registry.add(function("min_scale", {numeric}, integer, per_row([](Numeric value) {
                          return is_finite(value) ? OptionalInteger(value.normalized().scale())
                                                  : std::nullopt;
                        }),
                        "digits after the point that are needed"));
  registry.add(function("trim_scale", {numeric}, numeric,
                        per_row([](Numeric value) { return value.normalized(); }),
                        "without zeros at the end of the fraction"));
}

Unexpected bucket_error(const char* message) { return fail(ErrorCode::invalid_argument, message); }

Result<int32_t> bucket_of_double(double value, double low, double high, int32_t count) {
  if (count <= 0) return bucket_error("count must be greater than zero");
  if (std::isnan(value) || std::isnan(low) || std::isnan(high)) {
    return bucket_error("operand, lower bound, and upper bound cannot be NaN");
  }
  if (std::isinf(low) || std::isinf(high)) {
    return bucket_error("lower and upper bounds must be finite");
  }
  if (low == high) return bucket_error("lower bound cannot equal upper bound");
  const bool rises = low < high;
  if (rises ? value < low : value > low) return 0;
  if (rises ? value >= high : value <= high) return checked_add(count, 1);
  const double width = high - low;
  const double share =
      std::isinf(width) ? (value / 2 - low / 2) / (high / 2 - low / 2) : (value - low) / width;
  const auto bucket = static_cast<int32_t>(share * count);
  return bucket >= count ? count : bucket + 1;
}

void add_buckets(FunctionRegistry& registry) {
  const char* const help = "number of the bucket among equal ones between two bounds";
  registry.add(function("width_bucket",
                        {double_precision, double_precision, double_precision, integer}, integer,
                        per_row<bucket_of_double>(), help));
  registry.add(function("width_bucket", {numeric, numeric, numeric, integer}, integer,
                        per_row<width_bucket>(), help));
}

}  // namespace

void register_math(FunctionRegistry& registry) {
  add_rounding(registry);
  add_whole_numbers(registry);
  add_scales(registry);
  add_buckets(registry);
}

}  // namespace sluice
