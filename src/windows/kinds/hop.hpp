// HOP(rel, ts, slide, size [, offset]): windows of one size, a new one every slide.
#pragma once

#include "windows/grid_window.hpp"

namespace sluice {

WindowPtr hopping_windows(const GridSizes& sizes);

}  // namespace sluice
