// What operators with event-time state do about late rows, in their words.
#pragma once

#include "operators/late_handling.hpp"
#include "plan/properties.hpp"

namespace sluice {

inline LateHandling late_handling(const LatePolicy& policy) {
  return {policy.refuses, policy.accept_us, policy.action};
}

}  // namespace sluice
