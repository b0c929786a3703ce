// CUMULATE(rel, ts, step, size [, offset]): windows that grow by a step up to a size.
#pragma once

#include "windows/grid_window.hpp"

namespace sluice {

WindowPtr cumulating_windows(const GridSizes& sizes);

}  // namespace sluice
