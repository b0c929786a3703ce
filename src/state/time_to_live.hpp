// TimeToLive: the one rule of a TTL, and when what is dead is freed. An entry is dead for a row iff
// row time > entry time + ttl; when it is freed changes no answer but for rows behind the
// watermark. One owner, one thread.
#pragma once

#include <cstdint>
#include <optional>

namespace sluice {

class TimeToLive {
 public:
  // 0: entries live for ever.
  explicit TimeToLive(int64_t ttl_us) : ttl_us_(ttl_us) {}

  bool is_for_ever() const { return ttl_us_ == 0; }
  bool is_expired(int64_t entry_us, int64_t row_us) const {
    int64_t end_us = 0;
    if (ttl_us_ == 0 || __builtin_add_overflow(entry_us, ttl_us_, &end_us)) return false;
    return row_us > end_us;
  }
  // Whether a store is to be searched for what is dead now: each time the clock has moved by a part
  // of the TTL. True begins the next part.
  bool is_sweep_due(int64_t clock_us) {
    if (ttl_us_ == 0) return false;
    int64_t moved_us = 0;
    const bool moved_far = swept_us_ && __builtin_sub_overflow(clock_us, *swept_us_, &moved_us);
    if (swept_us_ && !moved_far && moved_us < ttl_us_ / sweeps_per_ttl) return false;
    swept_us_ = clock_us;
    return true;
  }

 private:
  static constexpr int64_t sweeps_per_ttl = 16;

  int64_t ttl_us_;
  std::optional<int64_t> swept_us_;
};

}  // namespace sluice
