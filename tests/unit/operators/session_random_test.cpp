// Random streams of sessions, in every way of the harness, against a recomputation from all rows
// that were not late.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "data/partition_clock.hpp"
#include "operators/window_aggregate.hpp"
#include "support/operator_harness.hpp"
#include "unit/operators/session_settings.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

constexpr int64_t base_us = 1'704'067'200'000'000;  // 2024-01-01

struct Case {
  const char* name;
  int64_t gap;
  int64_t accept;
  int64_t every;
  bool is_partitioned;
};

const Case cases[] = {
    {"Plain", 6, 0, 0, true},
    {"OfAllRows", 3, 0, 0, false},
    {"Accepting", 6, 25, 0, true},
    {"OfAllRowsAccepting", 2, 15, 0, false},
    {"Every", 6, 0, 3, true},
    {"EveryAccepting", 5, 20, 4, true},
    {"OfAllRowsEvery", 2, 10, 3, false},
};

// Times are seconds after the base.
class Stream {
 public:
  Stream(const Case& given, uint32_t seed) : given_(given), random_(seed) {}

  void feed(OperatorHarness& harness) {
    PartitionClock clocks[] = {PartitionClock({8, INT64_MAX}), PartitionClock({8, INT64_MAX})};
    for (int i = 0; i < 30; ++i) {
      harness.rows(make_rows(clocks[pick(2)]));
      const int64_t combined = std::min(clocks[0].watermark_us(), clocks[1].watermark_us());
      if (combined != PartitionClock::none && pick(3) == 0) {
        harness.watermark(Watermark::at(base_us + combined * second_us));
      }
      if (pick(5) == 0) harness.barrier(time_text(base_us + i * second_us));
    }
    harness.watermark("final");
  }

  std::vector<std::string> expected() const {
    std::vector<std::string> rows;
    for (const auto& [partition, times] : times_) add_sessions(partition, times, rows);
    std::sort(rows.begin(), rows.end());
    return rows;
  }
  int late_rows() const { return late_rows_; }

 private:
  struct Row {
    int64_t time;
    std::string key;
    int value;
  };

  int64_t pick(int64_t count) {
    return std::uniform_int_distribution<int64_t>(0, count - 1)(random_);
  }

  std::string make_rows(PartitionClock& clock) {
    std::string lines;
    for (int64_t rows = pick(6); rows >= 0; --rows) {
      now_ += pick(4);
      const int64_t time = std::max<int64_t>(0, now_ - (pick(8) == 0 ? pick(60) : pick(10)));
      const int64_t seen = clock.observe(time);
      const std::string key(1, static_cast<char>('a' + pick(4)));
      const int value = static_cast<int>(pick(20)) - 5;
      lines += time_text(base_us + time * second_us) + " | " + key + " | " + std::to_string(value);
      if (seen != not_behind) lines += " | @seen=" + time_text(base_us + seen * second_us);
      lines += "\n";
      if (seen != not_behind && time < seen - given_.accept) {
        ++late_rows_;
      } else {
        times_[given_.is_partitioned ? key : ""].push_back({time, key, value});
      }
    }
    return lines;
  }

  // Rows by time; a new session where the next is further than the gap.
  void add_sessions(const std::string&, std::vector<Row> rows,
                    std::vector<std::string>& texts) const {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& left, const Row& right) { return left.time < right.time; });
    for (size_t first = 0; first < rows.size();) {
      size_t last = first;
      while (last + 1 < rows.size() && rows[last + 1].time - rows[last].time <= given_.gap) ++last;
      std::map<std::string, std::vector<int>> groups;
      for (size_t i = first; i <= last; ++i) groups[rows[i].key].push_back(rows[i].value);
      for (const auto& [key, values] : groups) {
        texts.push_back(time_text(base_us + rows[first].time * second_us) + "|" +
                        time_text(base_us + (rows[last].time + given_.gap) * second_us) + "|" +
                        key + "|" + results_of(values));
      }
      first = last + 1;
    }
  }

  static std::string results_of(const std::vector<int>& values) {
    const std::set<int> different(values.begin(), values.end());
    int64_t sum = 0;
    for (const int value : values) sum += value;
    return std::to_string(values.size()) + "|" + std::to_string(sum) + "|" +
           std::to_string(*different.begin()) + "|" + std::to_string(*different.rbegin()) + "|" +
           std::to_string(different.size());
  }

  const Case& given_;
  std::mt19937 random_;
  int64_t now_ = 100;
  std::map<std::string, std::vector<Row>> times_;
  int late_rows_ = 0;
};

// Returns the number of late rows.
int check(const Case& given, uint32_t seed) {
  SCOPED_TRACE(std::string(given.name) + ", seed " + std::to_string(seed));
  WindowAggregateSettings settings =
      sessions(given.gap * second_us, {count_rows(), call("sum", 2, "int"), call("min", 2, "int"),
                                       call("max", 2, "int"), distinct(call("count", 2, "int"))});
  if (!given.is_partitioned) settings.partition = {};
  settings.late.accept_us = given.accept * second_us;
  settings.emit_every_us = given.every * second_us;
  OperatorHarness harness(make_window_aggregate(settings), {{settings.input, settings.partition}});
  if (given.accept > 0 || given.every > 0) harness.fold_by({0, 2});
  Stream stream(given, seed);
  stream.feed(harness);
  const HarnessResult result = harness.run();
  EXPECT_EQ(result.folded, stream.expected());
  EXPECT_EQ(result.dead_letters.size(), static_cast<size_t>(stream.late_rows()));
  EXPECT_EQ(result.counters.at("held"), 0);
  return stream.late_rows();
}

TEST(SessionAggregate, Random_StreamsGiveWhatARecomputationGives) {
  int late_rows = 0;
  for (const Case& each : cases) {
    for (uint32_t seed = 1; seed <= 3; ++seed) {
      late_rows += check(each, seed);
      if (testing::Test::HasFailure()) return;
    }
  }
  EXPECT_GT(late_rows, 0) << "the streams have become too tame";
}

}  // namespace
}  // namespace sluice
