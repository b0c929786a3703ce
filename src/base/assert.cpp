#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace sluice {

void assertion_failed(const char* condition, const char* message, const char* file, int line) {
  std::fprintf(stderr, "E9001 %s:%d: %s (%s)\n", file, line, message, condition);
  std::abort();
}

}  // namespace sluice
