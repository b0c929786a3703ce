// ByteBlocks: bytes that are written once and freed together, in blocks that grow with what they
// hold, since there may be many small ones. Addresses stay valid until it dies. One owner, one
// thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace sluice {

class ByteBlocks {
 public:
  // Uninitialised; aligned as `new` aligns if all sizes are multiples of that.
  char* allocate(size_t size) {
    if (size > static_cast<size_t>(end_ - next_)) add_block(size);
    return std::exchange(next_, next_ + size);
  }
  uint64_t allocated_bytes() const { return bytes_; }

 private:
  static constexpr uint64_t first_block_bytes = 512;
  static constexpr uint64_t largest_block_bytes = 64 * 1024;

  void add_block(size_t size) {
    const uint64_t wanted = std::clamp(bytes_, first_block_bytes, largest_block_bytes);
    const uint64_t bytes = std::max<uint64_t>(size, wanted);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
    next_ = blocks_.back().get();
    end_ = next_ + bytes;
    bytes_ += bytes;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  char* end_ = nullptr;
  uint64_t bytes_ = 0;
};

}  // namespace sluice
