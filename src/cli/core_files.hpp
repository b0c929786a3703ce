// Keeps the memory of this process, secrets in it, out of core files: none is written, whatever the
// limits and core_pattern of the machine, and no process of the same user may read the memory or
// attach a debugger. Call it in main before a secret is read.
#pragma once

#include "base/result.hpp"

namespace sluice {

Status forbid_core_files();

}  // namespace sluice
