// The one rule of a TTL: an entry is dead for a row iff row time > entry time + ttl. Pure.
#pragma once

#include <cstdint>

namespace sluice {

// `ttl_us` 0: entries live for ever.
inline bool is_expired(int64_t entry_us, int64_t row_us, int64_t ttl_us) {
  int64_t end_us = 0;
  if (ttl_us == 0 || __builtin_add_overflow(entry_us, ttl_us, &end_us)) return false;
  return row_us > end_us;
}

}  // namespace sluice
