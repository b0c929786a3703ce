// var_samp, which PostgreSQL also calls variance.
#include "expr/aggregates/spreads.hpp"

namespace sluice {

void register_var_samp(FunctionRegistry& registry) {
  register_spread<Spread{.of_sample = true, .is_deviation = false}>(
      registry, {.name = "var_samp", .aliases = {"variance"}, .help = "the variance, of a sample"});
}

}  // namespace sluice
