// The inside of a state file's blocks: node marks and entries, each block readable alone. Written
// by StateBuffer, read by state_file. Layout: storage/FORMAT.md.
#pragma once

#include <cstdint>

namespace sluice {

enum class StateMark : uint8_t { node = 1, put = 2, remove = 3 };

}  // namespace sluice
