#include "unit/operators/random_stream.hpp"

#include <algorithm>

#include "support/test_rows.hpp"

namespace sluice::test {

namespace {

constexpr int64_t second_us = 1'000'000;

}  // namespace

std::string stream_time_text(int64_t seconds) {
  return time_text(RandomStream::base_us + seconds * second_us);
}

void RandomStream::feed(OperatorHarness& harness, const Look& look) {
  PartitionClock clocks[] = {PartitionClock({8, INT64_MAX}), PartitionClock({8, INT64_MAX})};
  for (int i = 0; i < 30; ++i) {
    harness.rows(make_rows(clocks[pick(2)], look));
    const int64_t combined = std::min(clocks[0].watermark_us(), clocks[1].watermark_us());
    if (combined != PartitionClock::none && pick(3) == 0) {
      harness.watermark(Watermark::at(base_us + combined * second_us));
    }
    if (pick(5) == 0) harness.barrier(stream_time_text(i));
  }
  harness.watermark("final");
}

RandomStream::Row RandomStream::make_row(PartitionClock& clock) {
  now_ += pick(shape_.most_apart + 1);
  const int64_t event_time = std::max<int64_t>(0, now_ - (pick(8) == 0 ? pick(60) : pick(10)));
  Row row;
  row.seen = clock.observe(event_time);
  row.time = std::max<int64_t>(0, event_time - pick(shape_.most_lag + 1));
  row.key = std::string(1, static_cast<char>('a' + pick(4)));
  row.value = static_cast<int>(pick(20)) - 5;
  return row;
}

std::string RandomStream::make_rows(PartitionClock& clock, const Look& look) {
  std::string lines;
  for (int64_t rows = pick(6); rows >= 0; --rows) {
    const Row row = make_row(clock);
    lines += stream_time_text(row.time) + " | " + row.key + " | " + std::to_string(row.value);
    if (row.seen != not_behind) lines += " | @seen=" + stream_time_text(row.seen);
    lines += "\n";
    look(row);
  }
  return lines;
}

}  // namespace sluice::test
