// The windows of an operation, in the operators' words.
#pragma once

#include "compile/operator_factories.hpp"
#include "operators/window_assigner.hpp"
#include "plan/operations/plan_window.hpp"

namespace sluice {

WindowSettings window_settings(const PlanWindow& window, const NodeToCompile& from);

}  // namespace sluice
