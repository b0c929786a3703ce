// ^ and power.
#include "expr/kernel.hpp"
#include "values/number/numeric_power.hpp"

namespace sluice {

namespace {

void add_power(FunctionRegistry& registry, Type type, const KernelSpec& kernel) {
  registry.add(infix("^", {type, type}, type, kernel));
  registry.add(function("power", {type, type}, type, kernel, "first raised to the second"));
  registry.add(function("pow", {type, type}, type, kernel, "first raised to the second"));
}

}  // namespace

void register_powers(FunctionRegistry& registry) {
  add_power(registry, types::double_precision,
            per_row([](double base, double exponent) { return power(base, exponent); }));
  add_power(registry, types::numeric,
            per_row([](Numeric base, Numeric exponent) { return power(base, exponent); }));
}

}  // namespace sluice
