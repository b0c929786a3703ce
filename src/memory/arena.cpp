#include "memory/arena.hpp"

#include <algorithm>

namespace sluice {

void Arena::add_segment(size_t size) {
  const size_t usable = std::max(size, segment_bytes - padding_bytes);
  segments_.push_back(std::make_unique_for_overwrite<char[]>(usable + padding_bytes));
  next_ = segments_.back().get();
  end_ = next_ + usable;
  std::memset(end_, 0, padding_bytes);
  allocated_bytes_ += usable + padding_bytes;
}

}  // namespace sluice
