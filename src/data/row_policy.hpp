// RowPolicy: what happens to a row that cannot be used. Plain value.
#pragma once

#include <cstdint>

namespace sluice {

enum class RowPolicy : uint8_t { dead_letter, drop, fail };

}  // namespace sluice
