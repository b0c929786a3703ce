// KeyHash: the hash of key bytes for in-memory tables that are probed with a string_view.
#pragma once

#include <functional>
#include <string_view>

#include "base/checksum.hpp"

namespace sluice {

struct KeyHash {
  using is_transparent = void;
  size_t operator()(std::string_view key) const { return table_hash(key); }
};
using KeyEqual = std::equal_to<>;

}  // namespace sluice
