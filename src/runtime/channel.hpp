// Channel: the bounded queue between two tasks, one producer and one consumer, in order. The bound
// is soft: a producer asks has_room before it takes its next input, and everything that this one
// input yields may still be pushed, so that no operator has to stop half way. Thread-safe; wakes
// the other side's worker when an empty queue fills or a full one drains.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include "data/stream_element.hpp"
#include "dataflow/source.hpp"

namespace sluice {

class Channel {
 public:
  static constexpr uint64_t capacity_rows = 32 * 1024;
  static constexpr uint64_t capacity_bytes = 4 * 1024 * 1024;
  static constexpr size_t capacity_elements = 64;

  Channel(Waker& producer, Waker& consumer) : producer_(producer), consumer_(consumer) {}

  bool has_room() const { return !is_full_.load(std::memory_order_acquire); }
  void push(StreamElement element);
  // The next element, or none now.
  std::optional<StreamElement> pop();
  bool is_empty() const { return size_.load(std::memory_order_acquire) == 0; }
  // 0 empty to 1 full, for metrics.
  double fill_ratio() const;

 private:
  Waker& producer_;
  Waker& consumer_;
  mutable std::mutex mutex_;
  struct Load {
    uint64_t rows = 0;
    uint64_t bytes = 0;
  };
  struct Entry {
    StreamElement element;
    Load load;
  };
  static Load load_of(const StreamElement& element);
  double fill() const;

  std::deque<Entry> entries_;
  Load load_;
  std::atomic<size_t> size_{0};
  std::atomic<bool> is_full_{false};
};

}  // namespace sluice
