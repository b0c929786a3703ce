// Random streams of sessions, in every way of the harness, against a recomputation from all rows
// that were not late.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "operators/window_aggregate.hpp"
#include "support/operator_harness.hpp"
#include "unit/operators/random_stream.hpp"
#include "unit/operators/session_settings.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

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

// The sessions that a random stream must give.
class ExpectedSessions {
 public:
  explicit ExpectedSessions(const Case& given) : given_(given) {}

  void count(const RandomStream::Row& row) {
    if (row.seen != not_behind && row.time < row.seen - given_.accept) {
      ++late_rows_;
    } else {
      rows_[given_.is_partitioned ? row.key : ""].push_back(row);
    }
  }

  std::vector<std::string> rows() const {
    std::vector<std::string> texts;
    for (const auto& [partition, rows] : rows_) add_sessions(rows, texts);
    std::sort(texts.begin(), texts.end());
    return texts;
  }
  int late_rows() const { return late_rows_; }

 private:
  using Row = RandomStream::Row;

  // Rows by time; a new session where the next is further than the gap.
  void add_sessions(std::vector<Row> rows, std::vector<std::string>& texts) const {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& left, const Row& right) { return left.time < right.time; });
    for (size_t first = 0; first < rows.size();) {
      size_t last = first;
      while (last + 1 < rows.size() && rows[last + 1].time - rows[last].time <= given_.gap) ++last;
      std::map<std::string, std::vector<int>> groups;
      for (size_t i = first; i <= last; ++i) groups[rows[i].key].push_back(rows[i].value);
      for (const auto& [key, values] : groups) {
        texts.push_back(stream_time_text(rows[first].time) + "|" +
                        stream_time_text(rows[last].time + given_.gap) + "|" + key + "|" +
                        results_of(values));
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
  std::map<std::string, std::vector<Row>> rows_;  // by partition
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
  ExpectedSessions expected(given);
  RandomStream(seed, {.most_apart = 3}).feed(harness, [&](const RandomStream::Row& row) {
    expected.count(row);
  });
  const HarnessResult result = harness.run();
  EXPECT_EQ(result.folded, expected.rows());
  EXPECT_EQ(result.dead_letters.size(), static_cast<size_t>(expected.late_rows()));
  EXPECT_EQ(result.counters.at("held"), 0);
  return expected.late_rows();
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
