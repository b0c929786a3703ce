// Where something stands in a user's file. Lines and columns count from 1; columns count
// characters, not bytes.
#pragma once

#include <cstdint>
#include <string>

namespace sluice {

struct SourceLocation {
  std::string file;
  uint32_t line = 0;  // 0: nowhere in particular
  uint32_t column = 0;
  uint32_t length = 1;  // characters to underline
};

}  // namespace sluice
