// How a source's column is read, as a fact of lineage (data/lineage.hpp). Pure.
#pragma once

#include <string>

#include "formats/decoder.hpp"

namespace sluice {

// "int8 from $.after.id", "timestamp from $.ts unit ms", "int4 = (v + 1)".
std::string scan_text(const ScanSpec& scan, size_t index);

}  // namespace sluice
