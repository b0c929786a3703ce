// Environment: the doors to the outside, handed down from main (or a test) to whoever needs them.
// Borrowed pointers; the owner outlives every user. Usable from any thread.
#pragma once

#include "env/clock.hpp"
#include "env/failpoints.hpp"
#include "env/filesystem.hpp"
#include "env/log.hpp"

namespace sluice {

struct Environment {
  Clock* clock;
  Filesystem* filesystem;
  Failpoints* failpoints;
  Log* log;
};

}  // namespace sluice
