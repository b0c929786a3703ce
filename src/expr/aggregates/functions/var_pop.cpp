// var_pop.
#include "expr/aggregates/spreads.hpp"

namespace sluice {

void register_var_pop(FunctionRegistry& registry) {
  register_spread<Spread{.of_sample = false, .is_deviation = false}>(
      registry, {.name = "var_pop", .help = "the variance of all values there are"});
}

}  // namespace sluice
