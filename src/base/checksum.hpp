// XXH3 of bytes: for file checksums and for hash tables. Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sluice {

uint64_t checksum(std::string_view bytes);

// checksum of a sequence of pieces, equal to that of their concatenation.
class RunningChecksum {
 public:
  RunningChecksum();
  ~RunningChecksum();
  RunningChecksum(const RunningChecksum&) = delete;
  RunningChecksum& operator=(const RunningChecksum&) = delete;

  void update(std::string_view bytes);
  uint64_t value() const;

 private:
  void* state_;  // XXH3_state_t, kept out of the header
};

// Hash of a key's bytes; its low bits choose table slots, key_group_of() the key group. Stable
// across versions: saved state depends on it.
uint64_t hash_bytes(std::string_view bytes);

}  // namespace sluice
