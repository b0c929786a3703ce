#include "memory/arena.hpp"

namespace sluice {

Arena::~Arena() {
  if (charged_ != nullptr) charged_->release(allocated_bytes_);
}

void Arena::add_segment(size_t usable) {
  const size_t bytes = usable + padding_bytes;
  if (allowance_ != nullptr) allowance_->expect(bytes);
  if (segments_.size() == segments_.capacity()) segments_.reserve(2 * segments_.size() + 1);
  auto segment = std::make_unique_for_overwrite<char[]>(bytes);
  if (allowance_ != nullptr) charged_ = allowance_->take(bytes);
  next_ = segment.get();
  end_ = next_ + usable;
  std::memset(end_, 0, padding_bytes);
  segments_.push_back(std::move(segment));
  allocated_bytes_ += bytes;
}

}  // namespace sluice
