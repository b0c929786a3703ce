// Random streams, in every way of the harness, against a recomputation that keeps all rows.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "operators/group_aggregate.hpp"
#include "operators/window_aggregate.hpp"
#include "support/operator_harness.hpp"
#include "unit/operators/aggregate_settings.hpp"
#include "unit/operators/folded_first.hpp"
#include "unit/operators/random_stream.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

// Those that can be folded before an exchange.
std::vector<AggregateCall> plain_calls() {
  return {count_rows(), call("sum", 2, "int"), call("min", 2, "int"), call("max", 2, "int")};
}

std::vector<AggregateCall> all_calls() {
  std::vector<AggregateCall> calls = plain_calls();
  calls.push_back(distinct(call("count", 2, "int")));
  calls.push_back(distinct(call("sum", 2, "int")));
  return calls;
}

// What plain_calls gives for these values.
std::string plain_results_of(const std::vector<int>& values) {
  int64_t sum = 0;
  for (const int value : values) sum += value;
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  return std::to_string(values.size()) + "|" + std::to_string(sum) + "|" + std::to_string(*least) +
         "|" + std::to_string(*greatest);
}

// What all_calls gives for these values.
std::string results_of(const std::vector<int>& values) {
  const std::set<int> different(values.begin(), values.end());
  int64_t distinct_sum = 0;
  for (const int value : different) distinct_sum += value;
  return plain_results_of(values) + "|" + std::to_string(different.size()) + "|" +
         std::to_string(distinct_sum);
}

using ResultsOf = std::string (*)(const std::vector<int>& values);

struct WindowCase {
  const char* name;
  WindowSettings window;
  int64_t slide_us;
  int64_t lag_us;
  int64_t accept_us;
  int64_t every_us;
};

const WindowCase window_cases[] = {
    {"Tumble", tumble(10 * second_us), 10, 0, 0, 0},
    {"TumbleAccepting", tumble(10 * second_us), 10, 0, 25, 0},
    {"TumbleLagging", tumble(10 * second_us), 10, 7, 5, 0},
    {"TumbleEvery", tumble(10 * second_us), 10, 0, 12, 3},
    {"Hop", hop(5 * second_us, 20 * second_us), 5, 0, 0, 0},
    {"HopUneven", hop(4 * second_us, 10 * second_us), 4, 3, 0, 0},
    {"HopAccepting", hop(4 * second_us, 10 * second_us), 4, 0, 13, 0},
    {"HopEvery", hop(5 * second_us, 20 * second_us), 5, 0, 10, 4},
    {"Cumulate", cumulate(5 * second_us, 40 * second_us), 5, 0, 0, 0},
    {"CumulateAccepting", cumulate(5 * second_us, 40 * second_us), 5, 4, 17, 0},
    {"CumulateEvery", cumulate(5 * second_us, 40 * second_us), 5, 0, 6, 4},
};

// Windows by their definition: (start, end) of all that hold a time.
std::vector<std::pair<int64_t, int64_t>> windows_of(const WindowCase& given, int64_t time) {
  const int64_t size = given.window.size_us / second_us;
  std::vector<std::pair<int64_t, int64_t>> windows;
  if (given.window.kind == WindowSettings::Kind::cumulate) {
    const int64_t start = time / size * size;
    for (int64_t end = start + given.slide_us; end <= start + size; end += given.slide_us) {
      if (time < end) windows.emplace_back(start, end);
    }
    return windows;
  }
  for (int64_t start = (time - size - given.slide_us) / given.slide_us * given.slide_us;
       start <= time; start += given.slide_us) {
    if (time < start + size) windows.emplace_back(start, start + size);
  }
  return windows;
}

// The windows that a random stream must give.
class ExpectedWindows {
 public:
  explicit ExpectedWindows(const WindowCase& given) : given_(given) {}

  void count(const RandomStream::Row& row) {
    bool is_late = true;
    for (const auto& [start, end] : windows_of(given_, row.time)) {
      if (row.seen != not_behind && end <= row.seen - given_.lag_us - given_.accept_us) continue;
      is_late = false;
      windows_[{start, end, row.key}].push_back(row.value);
    }
    late_rows_ += is_late ? 1 : 0;
  }

  std::vector<std::string> rows(ResultsOf results) const {
    std::vector<std::string> rows;
    for (const auto& [place, values] : windows_) {
      const auto& [start, end, key] = place;
      rows.push_back(stream_time_text(start) + "|" + stream_time_text(end) + "|" + key + "|" +
                     results(values));
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  }
  int late_rows() const { return late_rows_; }

 private:
  const WindowCase& given_;
  std::map<std::tuple<int64_t, int64_t, std::string>, std::vector<int>> windows_;
  int late_rows_ = 0;
};

// Returns the number of late rows.
int check_window_case(const WindowCase& given, uint32_t seed, bool is_folded_first) {
  SCOPED_TRACE(std::string(given.name) + ", seed " + std::to_string(seed));
  WindowAggregateSettings settings =
      windowed(given.window, is_folded_first ? plain_calls() : all_calls());
  settings.lag_us = given.lag_us * second_us;
  settings.late.accept_us = given.accept_us * second_us;
  settings.emit_every_us = given.every_us * second_us;
  OperatorHarness harness(
      is_folded_first ? make_folded_first(settings) : make_window_aggregate(settings),
      {{settings.input, {1}}});
  const bool updates = given.accept_us > 0 || given.every_us > 0;
  if (updates) harness.fold_by({0, 1, 2});
  ExpectedWindows expected(given);
  RandomStream(seed, {.most_lag = given.lag_us}).feed(harness, [&](const RandomStream::Row& row) {
    expected.count(row);
  });
  const HarnessResult result = harness.run();
  EXPECT_EQ(result.folded, expected.rows(is_folded_first ? plain_results_of : results_of));
  EXPECT_EQ(result.dead_letters.size(), static_cast<size_t>(expected.late_rows()));
  return expected.late_rows();
}

TEST(WindowAggregate, Random_StreamsGiveWhatARecomputationGives) {
  int late_rows = 0;
  for (const WindowCase& each : window_cases) {
    for (uint32_t seed = 1; seed <= 2; ++seed) {
      late_rows += check_window_case(each, seed, false);
      if (testing::Test::HasFailure()) return;
    }
  }
  EXPECT_GT(late_rows, 0) << "the streams have become too tame";
}

TEST(LocalAggregate, Random_WindowsOfFoldedRowsGiveWhatARecomputationGives) {
  for (const WindowCase& each : window_cases) {
    for (uint32_t seed = 3; seed <= 4; ++seed) {
      check_window_case(each, seed, true);
      if (testing::Test::HasFailure()) return;
    }
  }
}

TEST(GroupAggregate, Random_ChangesGiveWhatARecomputationGives) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const auto pick = [&](size_t count) { return random() % count; };
    GroupAggregateSettings settings;
    settings.input = schema_of("unused int, k text, v int");
    settings.output =
        schema_of("k text, c1 bigint, c2 bigint, c3 int, c4 int, c5 bigint, c6 bigint");
    settings.keys = {1};
    settings.calls = all_calls();
    settings.input_retracts = true;
    OperatorHarness harness(make_group_aggregate(settings), {{settings.input, {1}}});
    std::vector<std::pair<std::string, int>> live;
    for (int i = 0; i < 30; ++i) {
      std::string lines;
      for (size_t rows = pick(8); rows > 0; --rows) {
        std::pair<std::string, int> row(std::string(1, static_cast<char>('a' + pick(3))),
                                        static_cast<int>(pick(6)));
        const bool removes = !live.empty() && pick(2) == 0;
        if (removes) {
          std::swap(live[pick(live.size())], live.back());
          row = live.back();
          live.pop_back();
        } else {
          live.push_back(row);
        }
        lines += (removes ? "-D 0 | " : "+I 0 | ") + row.first + " | " +
                 std::to_string(row.second) + "\n";
      }
      harness.rows(lines);
      if (pick(3) == 0) harness.barrier();
    }
    std::map<std::string, std::vector<int>> groups;
    for (const auto& [key, value] : live) groups[key].push_back(value);
    std::vector<std::string> expected;
    for (const auto& [key, values] : groups) expected.push_back(key + "|" + results_of(values));
    EXPECT_EQ(harness.run().folded, expected);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace sluice
