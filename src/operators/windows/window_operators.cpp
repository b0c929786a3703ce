#include "operators/windows/window_operators.hpp"

#include "base/assert.hpp"

namespace sluice {

WindowOperators::WindowOperators() { register_window_operators(*this); }

std::shared_ptr<const OperatorDescription> WindowOperators::make(
    WindowAggregateSettings settings) const {
  const auto maker = makers_.find(settings.window->name());
  SLUICE_ASSERT(maker != makers_.end(), "windows that no operator keeps");
  return maker->second(std::move(settings));
}

}  // namespace sluice
