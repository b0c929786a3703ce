// Zones of the system's zone database, by name. Reads its files when a zone is first asked for;
// usable from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "values/time/zone_rules.hpp"

namespace sluice {

// A name as the database spells it, whatever its case: "america/port-au-prince" is
// America/Port-au-Prince.
std::string database_spelling(std::string_view name);

// By the database's own spelling; null when it has no such zone.
std::shared_ptr<const ZoneRules> find_database_zone(const std::string& name);

}  // namespace sluice
