// errors.dead_letter_rows: whole, where runs follow each other and where a step asks a lookup.
#include <gmock/gmock.h>

#include "unit/pipeline/edited.hpp"

namespace sluice::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr const char* as_usual = "table: dead}}}";
constexpr const char* whole = "table: dead}}, dead_letter_rows: whole}";

const std::string minutes = std::string(R"yaml(
sources:
  sale:
    memory: {connection: m, stream: sale}
    format: json
    columns: {k: text, v: int, at: timestamptz, note: int}
    event_time: {column: at, out_of_order: 0s}
steps:
  sold: {sql: "SELECT at, 12 / v AS share FROM sale"}
  total:
    sql: |
      SELECT window_end, sum(share) AS s FROM TUMBLE(sold, at, INTERVAL '1 minute')
      GROUP BY window_end
sinks: {out: {from: total, memory: {connection: m, table: out, key: [window_end]}, mode: upsert}}
)yaml") + dead_letters;

std::string sold(const std::string& time, int v) {
  return sale(R"("k":"a","v":)" + std::to_string(v) + R"(,"note":"n)" + std::to_string(v) + "\"",
              time);
}

std::string whole_row(const std::string& time, int v) {
  const std::string n = std::to_string(v);
  return R"({"k":"a","v":)" + n + R"(,"at":"2024-01-01T)" + time + R"(Z","note":"n)" + n + "\"}";
}

// The state is the same with and without whole rows.
TEST(WholeRows, MayBeAskedForAndGivenUpBetweenRuns) {
  for (const uint32_t slots : {1u, 2u}) {
    Edited edited(minutes, slots);
    edited.records("sale", {sold("08:00:10", 2), sold("08:01:30", 3), sold("08:00:20", 4)}).run();
    edited.edit(as_usual, whole);
    edited.records("sale", {sold("08:01:40", 6), sold("08:00:30", 12), sold("08:01:41", 0)}).run();
    edited.edit(whole, as_usual);
    edited.records("sale", {sold("08:01:50", 1), sold("08:00:40", 12)});
    EXPECT_THAT(edited.refusal(), HasSubstr("not refused"));
    EXPECT_THAT(edited.out(1), ElementsAre("08:01:00|6", "08:02:00|18"));
    EXPECT_THAT(
        edited.dead(),
        UnorderedElementsAre(
            AllOf(HasSubstr("E3301"), HasSubstr(R"({"share":3,"at":"2024-01-01T08:00:20Z"})")),
            AllOf(HasSubstr("E3301"), HasSubstr(whole_row("08:00:30", 12))),
            AllOf(HasSubstr("E3101"), HasSubstr(whole_row("08:01:41", 0))),
            AllOf(HasSubstr("E3301"), HasSubstr(R"({"share":1,"at":"2024-01-01T08:00:40Z"})"))));
  }
}

TEST(WholeRows, AreThereBehindALookup) {
  const std::string body =
      replaced(replaced(looking_up, "k: text}", "k: text, n: int, note: int}"),
               "SELECT e.id, d.v FROM", "SELECT e.id, d.v || (1 / e.n)::text AS v FROM");
  Edited edited(replaced(body, as_usual, whole));
  edited.records("event", {R"({"id":"1","k":"x","n":0,"note":"?"})"}).run();
  EXPECT_THAT(
      edited.dead(),
      ElementsAre(AllOf(HasSubstr("E3101"), HasSubstr(R"({"id":"1","k":"x","n":0,"note":"?"})"))));
}

}  // namespace
}  // namespace sluice::test
