// SLUICE_ASSERT(condition, message): a bug of ours stops the process at once, in release builds
// too, with file and line. For conditions that only a programming error can break; bad input and
// broken servers return Result instead.
#pragma once

namespace sluice {

[[noreturn]] void assertion_failed(const char* condition, const char* message, const char* file,
                                   int line);

}  // namespace sluice

#define SLUICE_ASSERT(condition, message)                                  \
  do {                                                                     \
    if (!(condition)) [[unlikely]]                                         \
      ::sluice::assertion_failed(#condition, message, __FILE__, __LINE__); \
  } while (false)
