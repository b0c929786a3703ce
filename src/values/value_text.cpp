#include "values/value_text.hpp"

#include <simdjson.h>

#include <cstring>

namespace sluice {

bool is_valid_text(std::string_view bytes) {
  if (bytes.empty()) return true;
  return std::memchr(bytes.data(), 0, bytes.size()) == nullptr &&
         simdjson::validate_utf8(bytes.data(), bytes.size());
}

}  // namespace sluice
