// stddev_samp, which PostgreSQL also calls stddev.
#include "expr/aggregates/spreads.hpp"

namespace sluice {

void register_stddev_samp(FunctionRegistry& registry) {
  register_spread<Spread{.of_sample = true, .is_deviation = true}>(
      registry, {.name = "stddev_samp",
                 .aliases = {"stddev"},
                 .help = "the standard deviation, of a sample"});
}

}  // namespace sluice
