// Allowance: what one piece of work, such as evaluating an expression over some rows or decoding
// some records, may make in memory. Values may grow far beyond what was read; so whoever works on a
// batch gives it an Allowance, cuts the batch smaller when that is exceeded, and a row that exceeds
// it alone is bad. What is made is charged to the pipeline's pool for as long as it lives (Arena).
// Lives as long as the work; one thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <new>

#include "base/result.hpp"
#include "memory/memory_pool.hpp"

namespace sluice {

// The work must end: what it has made is worthless. Thrown where memory would be allocated, caught
// by who gave the Allowance.
class AllowanceExceeded : public std::bad_alloc {
 public:
  const char* what() const noexcept override { return "more memory than the work may make"; }
};

class Allowance {
 public:
  // Of any work: several rows or records, and one alone.
  static constexpr uint64_t most_of_batch_bytes = 16 * 1024 * 1024;
  static constexpr uint64_t most_of_row_bytes = 64 * 1024 * 1024;
  // The shares of a pipeline's budget that it is at most.
  static constexpr uint64_t batch_share = 8;
  static constexpr uint64_t row_share = 4;

  // Outside of any pipeline: of constants.
  Allowance() : limit_bytes_(most_of_batch_bytes) {}
  // For work on so many rows or records of the pool's pipeline. The pool outlives what is made.
  Allowance(MemoryPool& pool, size_t rows) : pool_(&pool), limit_bytes_(limit_of(pool, rows)) {}

  // Takes so many bytes, all or none. The pool, if there is one, holds them until they are given
  // back to it. Throws AllowanceExceeded.
  MemoryPool* take(uint64_t bytes) {
    expect(bytes);
    if (pool_ != nullptr) reserve(bytes);
    taken_bytes_ += bytes;
    return pool_;
  }
  // Counts what is gone with the work, and so is not the pool's. Throws AllowanceExceeded.
  void spend(uint64_t bytes) {
    expect(bytes);
    taken_bytes_ += bytes;
  }
  // Of what is still to be taken. Throws AllowanceExceeded when it could not be.
  void expect(uint64_t bytes) {
    if (bytes > limit_bytes_ - taken_bytes_) [[unlikely]]
      exceed();
  }

  // Throws AllowanceExceeded when it was thrown already, and caught by a part of the work.
  void check() const {
    if (is_exceeded_) throw AllowanceExceeded();
  }
  bool is_exceeded() const { return is_exceeded_; }
  // The pool's error, when it was its budget that did not suffice.
  Status status() const { return refusal_; }
  uint64_t limit_bytes() const { return limit_bytes_; }

 private:
  static uint64_t limit_of(const MemoryPool& pool, size_t rows) {
    if (rows > 1) return std::min(most_of_batch_bytes, pool.budget_bytes() / batch_share);
    return std::min(most_of_row_bytes, pool.budget_bytes() / row_share);
  }
  void reserve(uint64_t bytes);
  [[noreturn]] void exceed();

  MemoryPool* pool_ = nullptr;
  uint64_t limit_bytes_;
  uint64_t taken_bytes_ = 0;
  bool is_exceeded_ = false;
  Status refusal_;
};

}  // namespace sluice
