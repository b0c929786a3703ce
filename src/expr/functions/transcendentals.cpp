// Roots, exponentials, logarithms and trigonometry.
#include <cmath>
#include <numbers>

#include "expr/kernel.hpp"
#include "values/number/checked_arithmetic.hpp"
#include "values/number/numeric_functions.hpp"

namespace sluice {

namespace {

using namespace types;

Unexpected outside(const char* message) { return fail(ErrorCode::invalid_argument, message); }
Unexpected out_of_range() { return fail(ErrorCode::value_out_of_range, "input is out of range"); }

Result<double> root(double value) {
  if (value < 0) return outside("cannot take square root of a negative number");
  return std::sqrt(value);
}
Result<double> exponential(double value) {
  if (std::isnan(value)) return value;
  if (std::isinf(value)) return value > 0 ? value : 0;
  return checked_double(std::exp(value), false, false);
}
template <double (*of)(double)>
Result<double> checked_logarithm(double value) {
  if (value == 0) return outside("cannot take logarithm of zero");
  if (value < 0) return outside("cannot take logarithm of a negative number");
  return of(value);
}
// Periodic functions have no value at infinity.
template <double (*of)(double)>
Result<double> periodic(double value) {
  if (std::isinf(value)) return out_of_range();
  return of(value);
}
template <double (*of)(double)>
Result<double> of_unit_range(double value) {
  if (value < -1 || value > 1) return out_of_range();
  return of(value);
}
double cotangent(double value) { return 1 / std::tan(value); }
constexpr double radians_per_degree = std::numbers::pi / 180;

void add_double(FunctionRegistry& registry, const char* name, KernelSpec kernel, const char* help) {
  registry.add(function(name, {double_precision}, double_precision, std::move(kernel), help));
}
void add_numeric(FunctionRegistry& registry, const char* name, KernelSpec kernel,
                 const char* help) {
  registry.add(function(name, {numeric}, numeric, std::move(kernel), help));
}

void add_powers(FunctionRegistry& registry) {
  add_double(registry, "sqrt", per_row<root>(), "square root");
  add_numeric(registry, "sqrt", per_row<square_root>(), "square root");
  add_double(registry, "cbrt", per_row([](double value) { return std::cbrt(value); }), "cube root");
  add_double(registry, "exp", per_row<static_cast<Result<double> (*)(double)>(exponential)>(),
             "power of e");
  add_numeric(registry, "exp", per_row([](Numeric value) { return sluice::exponential(value); }),
              "power of e");
}

void add_logarithms(FunctionRegistry& registry) {
  add_double(registry, "ln", per_row<checked_logarithm<std::log>>(), "natural logarithm");
  add_numeric(registry, "ln", per_row<natural_logarithm>(), "natural logarithm");
  for (const char* name : {"log", "log10"}) {
    add_double(registry, name, per_row<checked_logarithm<std::log10>>(), "logarithm to base 10");
    add_numeric(registry, name,
                per_row([](Numeric value) { return logarithm(Numeric(10, 0), value); }),
                "logarithm to base 10");
  }
  registry.add(function("log", {numeric, numeric}, numeric, per_row<logarithm>(),
                        "logarithm of the second to the base of the first"));
}

void add_trigonometry(FunctionRegistry& registry) {
  const auto add = [&](const char* name, KernelSpec kernel) {
    add_double(registry, name, std::move(kernel), "of an angle in radians");
  };
  add("sin", per_row<periodic<std::sin>>());
  add("cos", per_row<periodic<std::cos>>());
  add("tan", per_row<periodic<std::tan>>());
  add("cot", per_row<periodic<cotangent>>());
  const auto add_inverse = [&](const char* name, KernelSpec kernel) {
    add_double(registry, name, std::move(kernel), "angle in radians");
  };
  add_inverse("asin", per_row<of_unit_range<std::asin>>());
  add_inverse("acos", per_row<of_unit_range<std::acos>>());
  add_inverse("atan", per_row([](double value) { return std::atan(value); }));
  registry.add(function("atan2", {double_precision, double_precision}, double_precision,
                        per_row([](double y, double x) { return std::atan2(y, x); }),
                        "angle of a point in radians"));
  add_double(registry, "degrees",
             per_row([](double value) { return checked_divide(value, radians_per_degree); }),
             "radians as degrees");
  add_double(registry, "radians",
             per_row([](double value) { return checked_multiply(value, radians_per_degree); }),
             "degrees as radians");
  registry.add(
      function("pi", {}, double_precision, per_row([](Scope&) { return std::numbers::pi; }), "π"));
  add("sinh", per_row([](double value) { return std::sinh(value); }));
  add("cosh", per_row([](double value) { return std::cosh(value); }));
  add("tanh", per_row([](double value) { return std::tanh(value); }));
}

}  // namespace

void register_transcendentals(FunctionRegistry& registry) {
  add_powers(registry);
  add_logarithms(registry);
  add_trigonometry(registry);
}

}  // namespace sluice
