// Arena: bytes that are written once and freed together. Segments double up to 32 KiB, larger for
// larger pieces; addresses stay valid until the Arena dies. Filled by one thread; afterwards shared
// read-only (std::shared_ptr<const Arena>).
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "memory/allowance.hpp"

namespace sluice {

class Arena {
 public:
  static constexpr size_t segment_bytes = 32 * 1024;
  static constexpr size_t first_segment_bytes = 1024;
  // Readable bytes after the last written one, so that SIMD parsers may read past the end of a
  // document.
  static constexpr size_t padding_bytes = 64;

  // Bound by nothing: of tests, and of what was measured before.
  Arena() = default;
  // Takes its segments from the allowance, which need not outlive it, and so of the pool until it
  // dies; allocate() and what calls it throw AllowanceExceeded. Null: as without.
  explicit Arena(Allowance* allowance) : allowance_(allowance) {}
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Uninitialised bytes, unaligned.
  char* allocate(size_t size) {
    if (size > static_cast<size_t>(end_ - next_)) [[unlikely]]
      add_segment(std::max(size, next_segment_bytes()));
    char* result = next_;
    next_ += size;
    return result;
  }
  std::string_view copy(std::string_view text) {
    char* target = allocate(text.size());
    if (!text.empty()) std::memcpy(target, text.data(), text.size());
    return {target, text.size()};
  }
  // Makes room for `size` bytes in one segment, no larger than that.
  void reserve(size_t size) {
    if (size > static_cast<size_t>(end_ - next_)) add_segment(size);
  }
  uint64_t allocated_bytes() const { return allocated_bytes_; }

 private:
  // Half as large as the Arena, so that a few bytes do not cost a whole segment.
  size_t next_segment_bytes() const {
    return std::clamp<size_t>(allocated_bytes_, first_segment_bytes, segment_bytes) - padding_bytes;
  }
  void add_segment(size_t usable);

  std::vector<std::unique_ptr<char[]>> segments_;
  char* next_ = nullptr;
  char* end_ = nullptr;
  uint64_t allocated_bytes_ = 0;
  Allowance* allowance_ = nullptr;  // while it is filled
  MemoryPool* charged_ = nullptr;
};

using ArenaPtr = std::shared_ptr<const Arena>;

}  // namespace sluice
