// The columns of a source as SQL sees them. Pure.
#pragma once

#include "plan/plan_request.hpp"

namespace sluice {

SchemaPtr schema_of(const SourceSettings& source);

}  // namespace sluice
