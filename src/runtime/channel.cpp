#include "runtime/channel.hpp"

#include <algorithm>

namespace sluice {

Channel::Load Channel::load_of(const StreamElement& element) {
  const auto* batch = std::get_if<RecordBatch>(&element);
  return batch != nullptr ? Load{batch->rows(), batch->allocated_bytes()} : Load{};
}

// Of the scarcest of the bounds; may be more than 1.
double Channel::fill() const {
  const auto share = [](auto used, auto capacity) {
    return static_cast<double>(used) / static_cast<double>(capacity);
  };
  return std::max({share(load_.rows, capacity_rows), share(load_.bytes, capacity_bytes),
                   share(entries_.size(), capacity_elements)});
}

void Channel::push(StreamElement element) {
  const Load load = load_of(element);
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = entries_.empty();
    load_.rows += load.rows;
    load_.bytes += load.bytes;
    entries_.push_back({std::move(element), load});
    size_.store(entries_.size(), std::memory_order_release);
    is_full_.store(fill() >= 1, std::memory_order_release);
  }
  if (was_empty) consumer_.wake();
}

std::optional<StreamElement> Channel::pop() {
  if (is_empty()) return std::nullopt;
  std::optional<StreamElement> element;
  bool made_room = false;
  {
    const std::lock_guard lock(mutex_);
    Entry& first = entries_.front();
    load_.rows -= first.load.rows;
    load_.bytes -= first.load.bytes;
    element = std::move(first.element);
    entries_.pop_front();
    size_.store(entries_.size(), std::memory_order_release);
    const bool was_full = is_full_.load(std::memory_order_relaxed);
    const bool is_full = fill() >= 1;
    is_full_.store(is_full, std::memory_order_release);
    made_room = was_full && !is_full;
  }
  if (made_room) producer_.wake();
  return element;
}

double Channel::fill_ratio() const {
  const std::lock_guard lock(mutex_);
  return std::min(1.0, fill());
}

}  // namespace sluice
