// Keys of rows as bytes with their hashes. HashedKey: one of them. BatchKeys: those of the rows of
// one batch, as KeyEncoder gives them, one behind the other; used again for the next batch.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/checksum.hpp"

namespace sluice {

// A view of bytes that somebody else owns.
struct HashedKey {
  explicit HashedKey(std::string_view key) : HashedKey(key, table_hash(key)) {}
  // `key_hash` is table_hash(key).
  HashedKey(std::string_view key, uint64_t key_hash) : bytes(key), hash(key_hash) {}

  std::string_view bytes;
  uint64_t hash;
};

struct BatchKeys {
  std::string bytes;
  std::vector<uint32_t> offsets;  // rows + 1
  std::vector<uint64_t> hashes;   // table_hash of each

  size_t size() const { return hashes.size(); }
  std::string_view key(size_t row) const {
    return {bytes.data() + offsets[row], offsets[row + 1] - offsets[row]};
  }
  HashedKey operator[](size_t row) const { return {key(row), hashes[row]}; }
};

}  // namespace sluice
