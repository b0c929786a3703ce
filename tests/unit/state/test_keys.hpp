// Keys that tests of stores name by text.
#pragma once

#include <string_view>
#include <vector>

#include "data/batch_keys.hpp"

namespace sluice::test {

inline HashedKey key(std::string_view text) { return HashedKey(text); }

inline BatchKeys batch_keys(const std::vector<std::string_view>& texts) {
  BatchKeys keys;
  for (const std::string_view text : texts) {
    keys.offsets.push_back(static_cast<uint32_t>(keys.bytes.size()));
    keys.bytes += text;
    keys.hashes.push_back(table_hash(text));
  }
  keys.offsets.push_back(static_cast<uint32_t>(keys.bytes.size()));
  return keys;
}

}  // namespace sluice::test
