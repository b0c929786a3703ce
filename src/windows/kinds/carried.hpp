// Windows that rows have already, from a step before: each row is in the one whose end, or start,
// its time column holds. No function of SQL: an aggregate over such rows has them.
#pragma once

#include "windows/window.hpp"

namespace sluice {

enum class CarriedBy : uint8_t {
  end,
  start,  // of windows of one exact length
};

// Of windows that are carried already: the same ones.
WindowPtr carried_windows(WindowPtr of, CarriedBy by);

}  // namespace sluice
