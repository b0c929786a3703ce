// TUMBLE(rel, ts, size [, offset]): windows side by side.
#pragma once

#include "windows/grid_window.hpp"

namespace sluice {

WindowPtr tumbling_windows(const GridSizes& sizes);

}  // namespace sluice
