#include "memory/arena.hpp"

namespace sluice {

void Arena::add_segment(size_t usable) {
  segments_.push_back(std::make_unique_for_overwrite<char[]>(usable + padding_bytes));
  next_ = segments_.back().get();
  end_ = next_ + usable;
  std::memset(end_, 0, padding_bytes);
  allocated_bytes_ += usable + padding_bytes;
}

}  // namespace sluice
