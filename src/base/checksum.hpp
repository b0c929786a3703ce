// XXH3 of bytes: for file checksums, key groups and hash tables. From any thread.
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

// Of a key's bytes, the same in every process: saved state depends on it.
uint64_t stable_hash(std::string_view bytes);
// For tables in memory, by the seed of the process.
uint64_t table_hash(std::string_view bytes);
// Draw it at random, so that nobody can send keys that all meet in one slot. Before the first
// thread and the first table; without it the seed is always the same one.
void seed_tables(uint64_t seed);

}  // namespace sluice
