// RandomStream: rows of two partitions in batches of random sizes, some of them late, with
// watermarks and barriers in between and a final watermark, drawn from a seed. For operators over
// the columns of a time, a key and a value, against a recomputation that looks at every row. Times
// are whole seconds after `base_us`, which is on the grid of every window used here. Owned by a
// test, one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>

#include "data/partition_clock.hpp"
#include "support/operator_harness.hpp"

namespace sluice::test {

class RandomStream {
 public:
  static constexpr int64_t base_us = 1'704'067'200'000'000;  // 2024-01-01

  struct Row {
    int64_t time;
    int64_t seen;  // or not_behind
    std::string key;
    int value;
  };
  using Look = std::function<void(const Row&)>;

  // How far apart rows are at most, and how far the column may be behind the event time.
  struct Shape {
    int64_t most_apart = 2;
    int64_t most_lag = 0;
  };

  RandomStream(uint32_t seed, const Shape& shape) : random_(seed), shape_(shape) {}

  // Feeds all of it; `look` sees each row.
  void feed(OperatorHarness& harness, const Look& look);

 private:
  int64_t pick(int64_t count) {
    return std::uniform_int_distribution<int64_t>(0, count - 1)(random_);
  }
  Row make_row(PartitionClock& clock);
  std::string make_rows(PartitionClock& clock, const Look& look);

  std::mt19937 random_;
  const Shape shape_;
  int64_t now_ = 100;
};

// Of a time of the stream, as rows show it.
std::string stream_time_text(int64_t seconds);

}  // namespace sluice::test
