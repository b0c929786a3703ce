// max.
#include "expr/aggregates/extremes.hpp"

namespace sluice {

void register_max(FunctionRegistry& registry) {
  register_extremes<true>(registry.aggregates(), {.name = "max", .help = "the largest value"});
}

}  // namespace sluice
