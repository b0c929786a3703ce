// min.
#include "expr/aggregates/extremes.hpp"

namespace sluice {

void register_min(FunctionRegistry& registry) {
  register_extremes<false>(
      registry.aggregates(),
      {.name = "min", .help = "the smallest value", .foreign = {{"any_value", "write min(a)"}}});
}

}  // namespace sluice
