// The part of a manifest's JSON document that holds the plan. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "storage/saved_plan.hpp"

namespace sluice {

nlohmann::json to_json(const SavedPlan& plan);
// Throws nlohmann::json::exception for a field that is missing or of another kind.
SavedPlan plan_from(const nlohmann::json& json);

}  // namespace sluice
