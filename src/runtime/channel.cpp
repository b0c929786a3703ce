#include "runtime/channel.hpp"

#include <algorithm>

namespace sluice {

namespace {

uint64_t rows_of(const StreamElement& element) {
  const auto* batch = std::get_if<RecordBatch>(&element);
  return batch != nullptr ? batch->rows() : 0;
}

}  // namespace

void Channel::push(StreamElement element) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = elements_.empty();
    rows_ += rows_of(element);
    elements_.push_back(std::move(element));
    size_.store(elements_.size(), std::memory_order_release);
    is_full_.store(rows_ >= capacity_rows || elements_.size() >= capacity_elements,
                   std::memory_order_release);
  }
  if (was_empty) consumer_.wake();
}

std::optional<StreamElement> Channel::pop() {
  if (is_empty()) return std::nullopt;
  std::optional<StreamElement> element;
  bool made_room = false;
  {
    const std::lock_guard lock(mutex_);
    element = std::move(elements_.front());
    elements_.pop_front();
    rows_ -= rows_of(*element);
    size_.store(elements_.size(), std::memory_order_release);
    const bool was_full = is_full_.load(std::memory_order_relaxed);
    const bool is_full = rows_ >= capacity_rows || elements_.size() >= capacity_elements;
    is_full_.store(is_full, std::memory_order_release);
    made_room = was_full && !is_full;
  }
  if (made_room) producer_.wake();
  return element;
}

double Channel::fill_ratio() const {
  const std::lock_guard lock(mutex_);
  const double by_rows = static_cast<double>(rows_) / static_cast<double>(capacity_rows);
  const double by_count =
      static_cast<double>(elements_.size()) / static_cast<double>(capacity_elements);
  return std::min(1.0, std::max(by_rows, by_count));
}

}  // namespace sluice
