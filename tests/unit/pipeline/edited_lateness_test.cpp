// Edits of `late.accept` and `emit` over saved state, with real operators: what was freed stays
// refused, and everything else counts at once.
#include <gmock/gmock.h>

#include "unit/pipeline/edited.hpp"

namespace sluice::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

std::string windows(const std::string& accept) {
  return R"yaml(
sources:
  sale:
    memory: {connection: m, stream: sale}
    format: json
    columns: {k: text, v: int, at: timestamptz}
    event_time: {column: at, out_of_order: 0s}
steps:
  total:
    sql: |
      SELECT window_end, sum(v) AS s FROM TUMBLE(sale, at, INTERVAL '1 minute')
      GROUP BY window_end
    late: {accept: )yaml" +
         accept + R"yaml(}
sinks: {out: {from: total, memory: {connection: m, table: out, key: [window_end]}, mode: upsert}}
)yaml" + dead_letters;
}

std::string at_time(const std::string& time, int v) {
  return sale(R"("k":"a","v":)" + std::to_string(v), time);
}

TEST(EditedLateness, WindowsThatWereFreedStayRefusedUnderALongerAccept) {
  Edited edited(windows("1s"));
  edited.records("sale", {at_time("08:00:10", 10), at_time("08:05:00", 1)}).run();
  edited.edit("accept: 1s", "accept: 30m");
  // The first window was sent with 10 and freed, the one of 08:05 not.
  edited.records("sale", {at_time("08:00:20", 1), at_time("08:10:00", 1), at_time("08:05:01", 5)});
  edited.run();
  EXPECT_THAT(edited.out(1), ElementsAre("08:01:00|10", "08:06:00|6"));
  EXPECT_THAT(edited.dead(), ElementsAre(HasSubstr("E3301")));
}

// Also where rows are folded before they reach their windows.
TEST(EditedLateness, RowsOfWindowsThatWereFreedAreRefusedOneByOne) {
  Edited edited(windows("1s"), 2);
  edited.records("sale", {at_time("08:00:10", 10), at_time("08:05:00", 1)}).run();
  edited.edit("accept: 1s", "accept: 30m");
  edited.records("sale", {at_time("08:00:20", 7), at_time("08:00:21", 8), at_time("08:05:01", 5),
                          at_time("08:10:00", 1)});
  edited.run();
  EXPECT_THAT(edited.out(1), ElementsAre("08:01:00|10", "08:06:00|6"));
  EXPECT_THAT(edited.dead(),
              UnorderedElementsAre(AllOf(HasSubstr("E3301"), HasSubstr(R"("v":7)")),
                                   AllOf(HasSubstr("E3301"), HasSubstr(R"("v":8)"))));
}

TEST(EditedLateness, WindowsThatWereFreedStayRefusedThroughFurtherEditsAndStarts) {
  Edited edited(windows("0s"));
  edited.records("sale", {at_time("08:00:10", 10), at_time("08:05:00", 1)}).run();
  edited.edit("accept: 0s", "accept: 10m").run();
  edited.edit("accept: 10m", "accept: 30m");
  edited.records("sale", {at_time("08:06:00", 1), at_time("08:00:20", 1)}).run();
  EXPECT_THAT(edited.out(1), ElementsAre("08:01:00|10", "08:06:00|1"));
  EXPECT_THAT(edited.dead(), ElementsAre(HasSubstr("E3301")));
}

// A step behind counts each window once, as it stands.
TEST(EditedLateness, GroupsBehindWindowsCountNoWindowTwiceUnderALongerAccept) {
  const std::string body =
      replaced(windows("1s"),
               "sinks: {out: {from: total, memory: {connection: m, table: out, key: [window_end]}",
               "  all: {sql: \"SELECT 1 AS k, count(*) AS n, sum(s) AS s FROM total GROUP BY 1\"}\n"
               "sinks: {out: {from: all, memory: {connection: m, table: out, key: [k]}");
  Edited edited(body);
  edited.records("sale", {at_time("08:00:10", 10), at_time("08:05:00", 1)}).run();
  edited.edit("accept: 1s", "accept: 30m");
  edited.records("sale", {at_time("08:00:20", 1), at_time("08:10:00", 1), at_time("08:05:01", 5)});
  edited.run();
  EXPECT_THAT(edited.out(1), ElementsAre("1|2|16"));
  EXPECT_THAT(edited.dead(), ElementsAre(HasSubstr("E3301")));
}

TEST(EditedLateness, AcceptThatMakesThePlanKeepRowsIsRefused) {
  const std::string body = replaced(
      windows("0s"), "sinks: {out: {from: total,",
      "  big: {sql: \"SELECT window_end, s FROM total WHERE s > 5\"}\nsinks: {out: {from: big,");
  Edited edited(body);
  edited.records("sale", {at_time("08:00:10", 10), at_time("08:05:00", 1)}).run();
  edited.edit("accept: 0s", "accept: 30m");
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("changelog_dedup is new")));
}

TEST(EditedLateness, EmitMayChange) {
  Edited edited(windows("0s"));
  edited.records("sale", {at_time("08:00:10", 10)}).run();
  edited.edit("    late:", "    emit: {every: 1s}\n    late:");
  edited.records("sale", {at_time("08:00:20", 1), at_time("08:05:00", 1)}).run();
  EXPECT_THAT(edited.out(1), ElementsAre("08:01:00|11", "08:06:00|1"));
}

std::string joined(const std::string& accept) {
  return R"yaml(
sources:
  sale:
    memory: {connection: m, stream: sale}
    format: json
    columns: {k: text, v: int, at: timestamptz}
    event_time: {column: at, out_of_order: 0s}
  refund:
    memory: {connection: m, stream: refund}
    format: json
    columns: {k: text, at: timestamptz}
    event_time: {column: at, out_of_order: 0s}
steps:
  total:
    sql: |
      SELECT s.v, r.k FROM sale s LEFT JOIN refund r ON r.k = s.k
      AND r.at BETWEEN s.at AND s.at + INTERVAL '1 minute'
    late: {accept: )yaml" +
         accept + R"yaml(}
sinks: {out: {from: total, memory: {connection: m, table: out}, mode: append}}
)yaml" + dead_letters;
}

TEST(EditedLateness, JoinedRowsThatWereFreedStayRefusedUnderALongerAccept) {
  Edited edited(joined("1s"));
  edited.records("sale", {at_time("08:00:10", 10), at_time("08:30:00", 1)});
  edited.records("refund", {sale(R"("k":"b")", "08:30:00")}).run();
  ASSERT_THAT(edited.out(), ElementsAre("10|NULL"));
  edited.edit("accept: 1s", "accept: 60m");
  edited.records("refund", {sale(R"("k":"a")", "08:00:20")}).run();
  EXPECT_THAT(edited.out(), ElementsAre("10|NULL"));
  EXPECT_THAT(edited.dead(), ElementsAre(HasSubstr("E3301")));
}

}  // namespace
}  // namespace sluice::test
