#include "cli/core_files.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

namespace sluice {

Status forbid_core_files() {
  // The limit alone does not hold where core_pattern is a program.
  const rlimit none = {0, 0};
  if (setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0) return {};
  return fail(ErrorCode::io_failed,
              std::string("core files cannot be forbidden: ") + std::strerror(errno),
              "set SLUICE_CORE_FILES=1 to go on with them, secrets included");
}

}  // namespace sluice
