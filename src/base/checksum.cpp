#include "base/checksum.hpp"

#include <xxhash.h>

#include "base/assert.hpp"

namespace sluice {

uint64_t checksum(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

uint64_t stable_hash(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

namespace {

uint64_t table_seed = 0x9e3779b97f4a7c15;

}  // namespace

void seed_tables(uint64_t seed) { table_seed = seed; }

uint64_t table_hash(std::string_view bytes) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), table_seed);
}

RunningChecksum::RunningChecksum() : state_(XXH3_createState()) {
  SLUICE_ASSERT(state_ != nullptr, "out of memory");
  XXH3_64bits_reset(static_cast<XXH3_state_t*>(state_));
}

RunningChecksum::~RunningChecksum() { XXH3_freeState(static_cast<XXH3_state_t*>(state_)); }

void RunningChecksum::update(std::string_view bytes) {
  XXH3_64bits_update(static_cast<XXH3_state_t*>(state_), bytes.data(), bytes.size());
}

uint64_t RunningChecksum::value() const {
  return XXH3_64bits_digest(static_cast<const XXH3_state_t*>(state_));
}

}  // namespace sluice
