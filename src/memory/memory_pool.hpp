// MemoryPool: the hard budget of one pipeline. Everything that grows with data (state, queues,
// spools, caches) reserves here first. Owned by the pipeline; thread-safe. A refused reservation is
// Error budget_exceeded naming who asked.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "env/counters.hpp"

namespace sluice {

class MemoryPool {
 public:
  explicit MemoryPool(uint64_t budget_bytes) : budget_bytes_(budget_bytes) {}

  Status reserve(uint64_t bytes, std::string_view who);
  void release(uint64_t bytes);
  uint64_t used_bytes() const { return used_bytes_.load(std::memory_order_relaxed); }
  uint64_t budget_bytes() const { return budget_bytes_; }

 private:
  const uint64_t budget_bytes_;
  std::atomic<uint64_t> used_bytes_{0};
};

// A reservation that grows and shrinks with its owner and is given back when it dies. A gauge, if
// there is one, follows: the sum of all reservations that share it. One thread at a time.
class Reservation {
 public:
  Reservation(MemoryPool& pool, std::string who, Counter* gauge = nullptr)
      : pool_(&pool), who_(std::move(who)), gauge_(gauge) {}
  ~Reservation();
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;

  // Reserves or releases the difference to what is held now.
  Status resize(uint64_t bytes);
  uint64_t bytes() const { return bytes_; }

 private:
  MemoryPool* pool_;
  const std::string who_;
  Counter* const gauge_;
  uint64_t bytes_ = 0;
};

}  // namespace sluice
