#include "operators/windows/pane_aggregate.hpp"
#include "operators/windows/window_operators.hpp"

namespace sluice {

void register_tumble(WindowOperators& operators) {
  operators.add("tumble", [](WindowAggregateSettings settings) {
    return make_pane_aggregate(std::move(settings), make_single_windows);
  });
}

}  // namespace sluice
