// KeyHash: the hash of key bytes for in-memory tables, the same that chooses key groups. Lets
// tables be probed with a string_view.
#pragma once

#include <functional>
#include <string_view>

#include "base/checksum.hpp"

namespace sluice {

struct KeyHash {
  using is_transparent = void;
  size_t operator()(std::string_view key) const { return hash_bytes(key); }
};
using KeyEqual = std::equal_to<>;

}  // namespace sluice
