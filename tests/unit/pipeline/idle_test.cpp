// Where event time stands when partitions fall quiet and wake: it must not matter which of them was
// quiet first, and a restart must not take anything back. Time is a virtual clock's; the tasks go
// on one thread.
#include <gmock/gmock.h>

#include "unit/pipeline/edited.hpp"
#include "unit/pipeline/stepped_run.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr int64_t second_us = 1'000'000;
constexpr uint64_t seed = 1;

constexpr const char* windows = R"yaml(
sources:
  event:
    memory: {connection: m, stream: event}
    format: json
    columns: {k: text, at: timestamptz}
    event_time: {column: at, out_of_order: 0s, idle_after: 2s}
steps:
  counts:
    sql: |
      SELECT to_char(window_start, 'HH24:MI') AS w, count(*) AS n
      FROM TUMBLE(event, at, INTERVAL '10 minutes') GROUP BY window_start
sinks: {out: {from: counts, memory: {connection: m, table: out}, mode: append}}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml";

std::string two_sources(const std::string& step) {
  return R"yaml(
sources:
  a:
    memory: {connection: m, stream: a}
    format: json
    columns: {k: text, at: timestamptz}
    event_time: {column: at, out_of_order: 0s, idle_after: 2s}
  b:
    memory: {connection: m, stream: b}
    format: json
    columns: {k: text, at: timestamptz}
    event_time: {column: at, out_of_order: 0s, idle_after: 2s}
steps:
  result:
    sql: |
      )yaml" +
         step + R"yaml(
sinks: {out: {from: result, memory: {connection: m, table: out}, mode: append}}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml";
}

std::string join_of(const std::string& kind) {
  return two_sources("SELECT to_char(a.at, 'HH24:MI') AS t, b.k FROM a " + kind +
                     " JOIN b ON a.k = b.k AND b.at BETWEEN a.at AND a.at + INTERVAL '5 minutes'");
}

std::string at(const std::string& time, const std::string& k = "x") {
  return R"({"k":")" + k + R"(","at":"2024-01-01T)" + time + R"(Z"})";
}

// A pipeline of which partitions and sources fall quiet one after the other.
class Quiet {
 public:
  explicit Quiet(const std::string& text, uint32_t parallelism = 1)
      : memory(text), run(memory, seed), parallelism_(parallelism) {}

  void start() {
    run.start(parallelism_);
    run.run_until_quiet();
  }
  void read(const std::string& stream, size_t partition, const std::string& record) {
    memory.world.append(stream, partition, record);
    run.run_until_quiet();
  }
  // Half of idle_after.
  void wait() {
    memory.clock.advance_us(second_us);
    run.run_until_quiet();
  }
  void wait_until_all_are_idle() {
    wait();
    wait();
  }
  void restart() {
    run.checkpoint();
    run.crash();
    start();
  }
  std::vector<std::string> rows() {
    run.checkpoint();
    return memory.world.folded("out", 0);
  }
  std::vector<std::string> letters() {
    run.checkpoint();
    return memory.world.folded("dead", 0);
  }

  MemoryPipeline memory;
  SteppedRun run;

 private:
  const uint32_t parallelism_;
};

class QuietTest : public testing::TestWithParam<uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Slots, QuietTest, testing::Values(1, 2));

auto is_late_behind(const std::string& time) {
  return testing::AllOf(HasSubstr("E3301"), HasSubstr("|" + time + "|"));
}

TEST_P(QuietTest, Windows_CloseUpToTheFurthestPartitionWhicheverFellQuietFirst) {
  for (const bool furthest_is_first : {true, false}) {
    Quiet quiet(windows, GetParam());
    quiet.memory.world.append("event", 0, at("07:55:00"));
    quiet.memory.world.append("event", 1, at("07:55:00"));
    quiet.start();
    const auto read_furthest = [&] {
      quiet.read("event", 1, at("08:12:00"));
      quiet.read("event", 1, at("08:30:00"));
    };
    if (furthest_is_first) read_furthest();
    if (!furthest_is_first) quiet.read("event", 0, at("08:01:00"));
    quiet.wait();
    if (!furthest_is_first) read_furthest();
    if (furthest_is_first) quiet.read("event", 0, at("08:01:00"));
    quiet.wait_until_all_are_idle();
    EXPECT_THAT(quiet.rows(), ElementsAre("07:50|2", "08:00|1", "08:10|1"))
        << (furthest_is_first ? "the furthest first" : "the furthest last");
  }
}

TEST_P(QuietTest, Windows_CloseTheSameOverARestart) {
  for (const int waits_before : {0, 1, 2}) {
    Quiet quiet(windows, GetParam());
    quiet.memory.world.append("event", 0, at("07:55:00"));
    quiet.memory.world.append("event", 1, at("07:55:00"));
    quiet.start();
    quiet.read("event", 1, at("08:12:00"));
    quiet.read("event", 1, at("08:30:00"));
    quiet.wait();
    quiet.read("event", 0, at("08:01:00"));
    for (int i = 0; i < waits_before; ++i) quiet.wait();
    quiet.restart();
    quiet.wait_until_all_are_idle();
    EXPECT_THAT(quiet.rows(), ElementsAre("07:50|2", "08:00|1", "08:10|1"))
        << "restarted after " << waits_before << " s";
  }
}

TEST_P(QuietTest, Windows_TellTheWatermarkOfARowThatWakesThemLateAfterRestarts) {
  for (const int restarts : {0, 1, 2}) {
    Quiet quiet(windows, GetParam());
    quiet.memory.world.append("event", 0, at("08:01:00"));
    quiet.memory.world.append("event", 1, at("08:30:00"));
    quiet.start();
    quiet.wait_until_all_are_idle();
    for (int i = 0; i < restarts; ++i) quiet.restart();
    quiet.read("event", 0, at("08:02:00"));
    EXPECT_THAT(quiet.letters(), ElementsAre(is_late_behind("08:30:00"))) << restarts;
  }
}

TEST_P(QuietTest, Windows_OverAUnionTellTheWatermarkOfALateRowAfterARestart) {
  Quiet quiet(two_sources("SELECT to_char(window_start, 'HH24:MI') AS w, count(*) AS n FROM "
                          "TUMBLE((SELECT * FROM a UNION ALL SELECT * FROM b), at, "
                          "INTERVAL '10 minutes') GROUP BY window_start"),
              GetParam());
  quiet.memory.world.append("b", 0, at("08:01:30"));
  quiet.memory.world.append("a", 0, at("08:30:00"));
  quiet.start();
  quiet.wait_until_all_are_idle();
  quiet.restart();
  quiet.read("b", 0, at("08:02:00"));
  EXPECT_THAT(quiet.letters(), ElementsAre(is_late_behind("08:30:00")));
  EXPECT_THAT(quiet.rows(), ElementsAre("08:00|1"));
}

TEST_P(QuietTest, Join_SendsUnmatchedRowsWhicheverSourceFellQuietFirst) {
  for (const bool left_is_first : {true, false}) {
    Quiet quiet(join_of("LEFT"), GetParam());
    quiet.memory.world.append("a", 0, at("08:01:00"));
    quiet.memory.world.append("b", 0, at("08:00:00"));
    quiet.start();
    const std::string first = left_is_first ? "a" : "b";
    const std::string last = left_is_first ? "b" : "a";
    quiet.read(first, 0, at(left_is_first ? "08:02:00" : "08:30:00", "y"));
    quiet.wait();
    quiet.read(last, 0, at(left_is_first ? "08:30:00" : "08:02:00", "y"));
    quiet.wait_until_all_are_idle();
    EXPECT_THAT(quiet.rows(), UnorderedElementsAre("08:01|NULL", "08:02|NULL")) << first;
  }
}

class QuietJoinTest : public testing::TestWithParam<std::tuple<const char*, uint32_t>> {};
INSTANTIATE_TEST_SUITE_P(KindsAndSlots, QuietJoinTest,
                         testing::Combine(testing::Values("LEFT", "INNER"),
                                          testing::Values(1u, 2u)));

TEST_P(QuietJoinTest, Join_RefusesARowWhosePartnersAreGoneAlsoAfterRestarts) {
  const auto [kind, parallelism] = GetParam();
  for (const int restarts : {0, 1, 2}) {
    Quiet quiet(join_of(kind), parallelism);
    quiet.memory.world.append("b", 0, at("08:01:30", "y"));
    for (const char* time : {"08:01:00", "08:05:00", "08:11:00", "08:30:00"})
      quiet.memory.world.append("a", 0, at(time));
    quiet.start();
    quiet.wait_until_all_are_idle();
    const auto before = quiet.rows();
    for (int i = 0; i < restarts; ++i) quiet.restart();
    quiet.read("b", 0, at("08:02:00"));
    EXPECT_EQ(quiet.rows(), before);
    EXPECT_THAT(quiet.letters(), ElementsAre(is_late_behind("08:30:00"))) << restarts;
    quiet.read("b", 0, at("08:31:00"));
    EXPECT_EQ(quiet.rows().size(), before.size() + 1);
  }
}

// The pipeline stands where its slowest source does, also if that is in another branch of it.
TEST_P(QuietJoinTest, Join_RefusesARowWhosePartnersAreGoneWhileAThirdSourceIsSlower) {
  const auto [kind, parallelism] = GetParam();
  const std::string third = R"yaml(  c:
    memory: {connection: m, stream: c}
    format: json
    columns: {k: text, at: timestamptz}
    event_time: {column: at, out_of_order: 0s}
steps:
)yaml";
  const std::string text =
      replaced(replaced(join_of(kind), "steps:\n", third), "mode: append}}",
               "mode: append}, others: {from: c, memory: {connection: m, table: others}}}");
  for (const char* time_of_third : {"", "08:01:45"}) {
    for (const int restarts : {0, 1, 2}) {
      Quiet quiet(text, parallelism);
      quiet.memory.world.append("b", 0, at("08:01:30", "y"));
      if (*time_of_third != 0) quiet.memory.world.append("c", 0, at(time_of_third));
      for (const char* time : {"08:01:00", "08:04:00", "08:06:00"})
        quiet.memory.world.append("a", 0, at(time));
      quiet.start();
      quiet.wait_until_all_are_idle();
      quiet.read("a", 0, at("08:30:00"));
      const auto before = quiet.rows();
      for (int i = 0; i < restarts; ++i) quiet.restart();
      quiet.read("b", 0, at("08:02:00"));
      EXPECT_EQ(quiet.rows(), before);
      EXPECT_THAT(quiet.letters(), ElementsAre(is_late_behind("08:30:00"))) << restarts;
      quiet.read("b", 0, at("08:31:00"));
      EXPECT_EQ(quiet.rows().size(), before.size() + 1);
    }
  }
}

}  // namespace
}  // namespace sluice::test
