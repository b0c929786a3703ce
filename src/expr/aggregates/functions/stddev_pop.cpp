// stddev_pop.
#include "expr/aggregates/spreads.hpp"

namespace sluice {

void register_stddev_pop(FunctionRegistry& registry) {
  register_spread<Spread{.of_sample = false, .is_deviation = true}>(
      registry, {.name = "stddev_pop", .help = "the standard deviation of all values there are"});
}

}  // namespace sluice
