// LateHandling: how late rows are treated by operators with event time. Plain value.
#pragma once

#include <cstdint>

#include "data/row_policy.hpp"

namespace sluice {

// What becomes of rows behind the watermark.
struct LateHandling {
  bool refuses = true;    // false: an earlier operator has refused them already
  int64_t accept_us = 0;  // how long state is kept past the point where it could close
  RowPolicy action = RowPolicy::dead_letter;
};

}  // namespace sluice
