// The promise of the README: given the same records per partition, the folded result per key and
// the set of late rows do not depend on batching, parallelism, checkpoints, crashes or
// interleaving. SLUICE_TEST_SEED repeats one run.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "support/test_rows.hpp"
#include "unit/pipeline/stepped_run.hpp"

namespace sluice::test {
namespace {

constexpr const char* pipeline_text = R"yaml(
sources:
  sale:
    memory: {connection: m, stream: sale}
    format: json
    changelog: {key: [id], ops: [insert], duplicates: drop}
    columns: {id: text, shop: text, amount: "numeric(10,2)", n: int, at: timestamptz}
    event_time: {column: at, out_of_order: 20s, idle_after: 10h}
  refund:
    memory: {connection: m, stream: refund}
    format: json
    columns: {sale_id: text, why: text, at: timestamptz}
    event_time: {column: at, out_of_order: 10s, idle_after: 10h}
  state:
    memory: {connection: m, stream: state}
    format: canal_json
    changelog: {key: [id], ops: all, duplicates: drop}
    columns: {id: text, status: text, amount: int}
steps:
  useful: {sql: "SELECT id, shop, amount, n, at FROM sale WHERE n > 1"}
  minutes:
    sql: |
      SELECT window_start, window_end, shop, count(*) AS c, sum(amount) AS s, min(n) AS lo,
             max(n) AS hi, count(DISTINCT n) AS d
      FROM TUMBLE(useful, at, INTERVAL '1 minute') GROUP BY window_start, window_end, shop
    late: {accept: 30s, then: dead_letter}
  hops:
    sql: |
      SELECT window_end, shop, count(*) AS c, max(n) AS hi
      FROM HOP(useful, at, INTERVAL '30 seconds', INTERVAL '2 minutes') GROUP BY window_end, shop
  curve:
    sql: |
      SELECT window_end, shop, sum(n) AS s
      FROM CUMULATE(useful, at, INTERVAL '1 minute', INTERVAL '10 minutes')
      GROUP BY window_end, shop
  refunded:
    sql: |
      SELECT s.id, s.shop, s.n, r.why, r.at AS refunded_at FROM sale s
      JOIN refund r ON r.sale_id = s.id AND r.at BETWEEN s.at AND s.at + INTERVAL '3 minutes'
    late: {accept: 0s, then: dead_letter}
  refund_minutes:
    sql: |
      SELECT window_end, shop, count(*) AS c, sum(n) AS s
      FROM TUMBLE(refunded, refunded_at, INTERVAL '1 minute') GROUP BY window_end, shop
  statuses: {sql: "SELECT status, count(*) AS c, sum(amount) AS s FROM state GROUP BY status"}
sinks:
  to_minutes:
    from: minutes
    memory: {connection: m, table: minutes, key: [window_start, window_end, shop]}
    mode: upsert
  to_hops: {from: hops, memory: {connection: m, table: hops}, mode: append}
  to_curve: {from: curve, memory: {connection: m, table: curve}, mode: append}
  to_refunded: {from: refunded, memory: {connection: m, table: refunded}, mode: append}
  to_refund_minutes:
    from: refund_minutes
    memory: {connection: m, table: refund_minutes}
    mode: append
  to_statuses:
    from: statuses
    memory: {connection: m, table: statuses, key: [status]}
    mode: upsert
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml";

uint64_t seed_of_test() {
  const char* given = std::getenv("SLUICE_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

std::string at_text(int64_t second) {
  const std::string time = time_text(time_us("00:00") + second * 1'000'000);
  return "2024-01-01T" + time + "Z";
}

// Records with duplicates, disorder, late ones, and keys that stay in their partition.
void fill(MemoryWorld& world, uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](size_t bound) { return random() % bound; };
  for (size_t partition = 0; partition < 3; ++partition) {
    int64_t now = 0;
    for (size_t i = 0; i < 120; ++i) {
      now += static_cast<int64_t>(below(8));
      const int64_t behind = static_cast<int64_t>(below(10) == 0 ? below(200) : below(15));
      const std::string number = std::to_string(below(5) == 0 ? below(i + 1) : i);
      const std::string id = "s" + std::to_string(partition) + "-" + number;
      world.append("sale", partition,
                   R"({"id":")" + id + R"(","shop":"shop)" + std::to_string(below(4)) +
                       R"(","amount":")" + std::to_string(below(1000)) + R"(.50","n":)" +
                       std::to_string(below(6)) + R"(,"at":")" +
                       at_text(std::max<int64_t>(0, now - behind)) + R"("})");
    }
  }
  for (size_t partition = 0; partition < 2; ++partition) {
    int64_t now = 0;
    for (size_t i = 0; i < 100; ++i) {
      now += static_cast<int64_t>(below(9));
      const int64_t behind = static_cast<int64_t>(below(10) == 0 ? below(100) : below(8));
      const std::string id = "s" + std::to_string(below(3)) + "-" + std::to_string(below(120));
      world.append("refund", partition,
                   R"({"sale_id":")" + id + R"(","why":"w)" + std::to_string(below(3)) +
                       R"(","at":")" + at_text(std::max<int64_t>(0, now - behind)) + R"("})");
    }
  }
  const char* const kinds[] = {"INSERT", "UPDATE", "UPDATE", "DELETE"};
  for (size_t partition = 0; partition < 2; ++partition) {
    for (size_t i = 0; i < 100; ++i) {
      const std::string id = "k" + std::to_string(partition) + "-" + std::to_string(below(12));
      world.append("state", partition,
                   R"({"data":[{"id":")" + id + R"(","status":"st)" + std::to_string(below(3)) +
                       R"(","amount":")" + std::to_string(below(50)) +
                       R"("}],"isDdl":false,"type":")" + kinds[below(4)] + R"("})");
    }
  }
  world.finish();
}

// What must be the same, one line a row.
std::vector<std::string> outcome(const MemoryWorld& world) {
  std::vector<std::string> lines;
  const std::pair<const char*, size_t> tables[] = {
      {"minutes", 3},        {"hops", 0},     {"curve", 0}, {"refunded", 0},
      {"refund_minutes", 0}, {"statuses", 1}, {"dead", 0}};
  for (const auto& [table, key_columns] : tables) {
    for (const std::string& row : world.folded(table, key_columns))
      lines.push_back(std::string(table) + ": " + row);
  }
  return lines;
}

std::vector<std::string> run_plainly(uint64_t data_seed) {
  MemoryPipeline pipeline(pipeline_text);
  fill(pipeline.world, data_seed);
  SteppedRun run(pipeline, 1);
  run.start(1);
  run.run_until_quiet();
  run.close();
  return outcome(pipeline.world);
}

struct Happenings {
  size_t checkpoints = 0;
  size_t crashes = 0;

  bool are_enough() const { return checkpoints > 50 && crashes > 10; }
};

std::vector<std::string> run_randomly(uint64_t data_seed, uint64_t seed, Happenings& happenings) {
  MemoryPipeline pipeline(pipeline_text);
  fill(pipeline.world, data_seed);
  pipeline.world.randomize(seed);
  std::mt19937_64 random(seed);
  SteppedRun run(pipeline, seed);
  run.start(1 + static_cast<uint32_t>(random() % 3));
  while (!run.is_at_end() && !testing::Test::HasFailure()) {
    run.step(1 + random() % 40);
    const uint64_t drawn = random() % 10;
    if (drawn < 4) {
      run.checkpoint();
      ++happenings.checkpoints;
    }
    if (drawn == 9) {
      run.crash();
      run.start(1 + static_cast<uint32_t>(random() % 3));
      ++happenings.crashes;
    }
  }
  run.run_until_quiet();
  run.close();
  return outcome(pipeline.world);
}

TEST(Promise, SameRecordsPerPartitionGiveTheSameResult) {
  const uint64_t first_seed = seed_of_test();
  std::cout << "SLUICE_TEST_SEED=" << first_seed << std::endl;
  for (uint64_t data_seed = first_seed; data_seed < first_seed + 8; ++data_seed) {
    const std::vector<std::string> expected = run_plainly(data_seed);
    ASSERT_GT(expected.size(), 100u);
    Happenings happenings;
    for (uint64_t seed = data_seed; seed < data_seed + 20 || !happenings.are_enough(); ++seed) {
      ASSERT_LT(seed, data_seed + 200) << "the runs have become too tame";
      SCOPED_TRACE("records of seed " + std::to_string(data_seed) + ", run of seed " +
                   std::to_string(seed));
      ASSERT_EQ(run_randomly(data_seed, seed, happenings), expected);
    }
  }
}

}  // namespace
}  // namespace sluice::test
