// Steps that are renamed keep their state when they say what they were: with real operators, over
// full files and deltas, at another parallelism.
#include <gmock/gmock.h>

#include "support/test_rows.hpp"
#include "unit/pipeline/stepped_run.hpp"

namespace sluice::test {
namespace {

constexpr uint64_t seed = 11;

struct Names {
  std::string totals;
  std::string minutes;
  std::string refunded;
  bool say_what_they_were = false;
};

const Names former{"totals", "minutes", "refunded"};
const Names present{"shop_totals", "shop_minutes", "with_refund", true};
const Names alone{"shop_totals", "shop_minutes", "with_refund"};

std::string file_of(const Names& names) {
  const auto step = [&](const std::string& name, const std::string& was, const std::string& sql) {
    return "  " + name + ":\n    sql: \"" + sql + "\"\n" +
           (names.say_what_they_were ? "    was: " + was + "\n" : "");
  };
  const auto sink = [](const std::string& name, const std::string& from, const std::string& more) {
    return "  " + name + ": {from: " + from + ", memory: {connection: m, table: " + name + more +
           "}\n";
  };
  return R"yaml(
sources:
  sale:
    memory: {connection: m, stream: sale}
    format: json
    columns: {id: text, shop: text, n: int, at: timestamptz}
    event_time: {column: at, out_of_order: 0s}
  refund:
    memory: {connection: m, stream: refund}
    format: json
    columns: {sale_id: text, at: timestamptz}
    event_time: {column: at, out_of_order: 0s}
steps:
)yaml" +
         step(names.totals, former.totals,
              "SELECT shop, count(*) AS c, sum(n) AS s FROM sale GROUP BY shop") +
         step(names.minutes, former.minutes,
              "SELECT window_end, shop, count(*) AS c, count(DISTINCT n) AS d FROM "
              "TUMBLE(sale, at, INTERVAL '10 minutes') GROUP BY window_end, shop") +
         step(names.refunded, former.refunded,
              "SELECT s.id, s.shop, r.at AS refunded_at FROM sale s JOIN refund r ON "
              "r.sale_id = s.id AND r.at BETWEEN s.at AND s.at + INTERVAL '1 hour'") +
         "sinks:\n" + sink("to_totals", names.totals, ", key: [shop]}, mode: upsert") +
         sink("to_minutes", names.minutes, "}, mode: append") +
         sink("to_refunded", names.refunded, "}, mode: append") +
         "errors: {dead_letter: {memory: {connection: m, table: dead}}}\n";
}

std::string at_minute(int minute) {
  return R"(,"at":"2024-01-01T)" + time_text(time_us("00:00") + minute * 60'000'000LL) + R"(Z"})";
}

// Sales of some minutes, one of each shop in each, and refunds of those half an hour before.
void append_minutes(MemoryWorld& world, int first, int end) {
  for (int minute = first; minute < end; ++minute) {
    for (int shop = 0; shop < 7; ++shop) {
      const std::string id = std::to_string(minute) + "-" + std::to_string(shop);
      world.append("sale", static_cast<size_t>(shop % 2),
                   R"({"id":")" + id + R"(","shop":"shop)" + std::to_string(shop) + R"(","n":)" +
                       std::to_string(minute % 4) + at_minute(minute));
      const std::string before = std::to_string(minute - 30) + "-" + std::to_string(shop);
      world.append("refund", 0, R"({"sale_id":")" + before + "\"" + at_minute(minute));
    }
  }
}

std::vector<std::string> outcome(const MemoryWorld& world) {
  std::vector<std::string> lines;
  for (const auto& [table, key_columns] : {std::pair("to_totals", 1), std::pair("to_minutes", 0),
                                           std::pair("to_refunded", 0), std::pair("dead", 0)}) {
    for (const std::string& row : world.folded(table, static_cast<size_t>(key_columns)))
      lines.push_back(std::string(table) + ": " + row);
  }
  return lines;
}

// A run from the last checkpoint over these minutes, with checkpoints on the way, and a crash
// behind the last.
void run_minutes(MemoryPipeline& pipeline, uint32_t parallelism, int first, int end) {
  append_minutes(pipeline.world, first, end);
  SteppedRun run(pipeline, seed);
  run.start(parallelism);
  for (int i = 0; i < 4 && !testing::Test::HasFailure(); ++i) {
    run.step(10);
    run.checkpoint();
  }
  const auto minutes = static_cast<size_t>(end);
  const auto has_read_all = [&] {
    return pipeline.world.records_read("sale", 0) == 4 * minutes &&
           pipeline.world.records_read("sale", 1) == 3 * minutes &&
           pipeline.world.records_read("refund", 0) == 7 * minutes;
  };
  while (!has_read_all() && !testing::Test::HasFailure()) run.step(10);
  run.run_until_quiet();
  run.checkpoint();
}

std::vector<std::string> outcome_without_renaming() {
  MemoryPipeline pipeline(file_of(former));
  pipeline.world.randomize(seed);
  run_minutes(pipeline, 1, 0, 100);
  return outcome(pipeline.world);
}

TEST(RenamedStep, GoesOnFromTheStateOfItsFormerNameAtAnyParallelism) {
  MemoryPipeline pipeline(file_of(former));
  pipeline.world.randomize(seed);
  run_minutes(pipeline, 2, 0, 25);
  pipeline.edit(file_of(present));
  run_minutes(pipeline, 3, 25, 50);
  // `was` that stays in the file does no harm, …
  run_minutes(pipeline, 2, 50, 75);
  // … nor does the file without it.
  pipeline.edit(file_of(alone));
  run_minutes(pipeline, 1, 75, 100);
  const auto lines = outcome(pipeline.world);
  ASSERT_GT(lines.size(), 500u);
  EXPECT_EQ(lines, outcome_without_renaming());
}

// Only what a checkpoint has decided is under the new name.
TEST(RenamedStep, IsRenamedAgainByEveryStartUntilACheckpointHasSavedIt) {
  MemoryPipeline pipeline(file_of(former));
  pipeline.world.randomize(seed);
  run_minutes(pipeline, 2, 0, 25);
  pipeline.edit(file_of(present));
  {
    SteppedRun run(pipeline, seed);
    run.start(1);
  }
  run_minutes(pipeline, 1, 25, 100);
  EXPECT_EQ(outcome(pipeline.world), outcome_without_renaming());
}

TEST(RenamedStep, ThatDoesNotSayWhatItWasIsRefusedAndMayStillSay) {
  MemoryPipeline pipeline(file_of(former));
  pipeline.world.randomize(seed);
  run_minutes(pipeline, 2, 0, 50);
  pipeline.edit(file_of(alone));
  {
    PipelineSettings settings;
    settings.name_space = "test";
    const auto refused = pipeline.start(settings);
    const auto failure = refused->wait();
    ASSERT_TRUE(failure.has_value());
    EXPECT_EQ(failure->code, ErrorCode::state_incompatible);
    EXPECT_THAT(failure->message, testing::HasSubstr("minutes/window_aggregate"));
  }
  pipeline.edit(file_of(present));
  run_minutes(pipeline, 2, 50, 100);
  EXPECT_EQ(outcome(pipeline.world), outcome_without_renaming());
}

}  // namespace
}  // namespace sluice::test
