// Edits of a pipeline whose state is saved, over real operators: what would corrupt it is refused
// and says what differs; what goes on gives the answers that it should.
#include <gmock/gmock.h>

#include "unit/pipeline/edited.hpp"

namespace sluice::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// Of JSON records, append.
std::string over_records(const std::string& columns, const std::string& sql) {
  return R"yaml(
sources:
  sale:
    memory: {connection: m, stream: sale}
    format: json
    columns: {)yaml" +
         columns + R"yaml(}
    event_time: {column: at, out_of_order: 0s}
steps:
  total: {sql: ")yaml" +
         sql + R"yaml("}
sinks: {out: {from: total, memory: {connection: m, table: out, key: [k]}, mode: upsert}}
)yaml" + dead_letters;
}

// Of Canal's, with updates.
std::string over_changes(const std::string& sql, const std::string& sink_key) {
  return R"yaml(
sources:
  item:
    memory: {connection: m, stream: item}
    format: canal_json
    changelog: {key: [id], ops: all}
    columns: {id: int, v: int}
steps:
  total: {sql: ")yaml" +
         sql + R"yaml("}
sinks: {out: {from: total, memory: {connection: m, table: out, key: [)yaml" +
         sink_key + R"yaml(]}, mode: upsert}}
)yaml" + dead_letters;
}

std::string change_of(const std::string& table, const std::string& kind, int id, int v) {
  return R"({"table":")" + table + R"(","type":")" + kind + R"(","isDdl":false,"data":[{"id":")" +
         std::to_string(id) + R"(","v":")" + std::to_string(v) + R"("}]})";
}
std::string change(const std::string& kind, int id, int v) {
  return change_of("item", kind, id, v);
}

// With the lookup `dim`, whose column is `v`.
std::string with_dimension(const std::string& body) {
  return replaced(
      body, "steps:",
      "lookups:\n  dim: {memory: {connection: m, table: dim, key: [k]}, columns: {v: text}}\n"
      "steps:");
}

constexpr const char* sums = "SELECT k, sum(v) AS s FROM sale GROUP BY k";

TEST(EditedPipeline, SourceColumnFromAnotherPathIsRefused) {
  Edited edited(over_records("k: text, v: {type: int, path: $.v}, at: timestamptz", sums));
  edited.records("sale", {sale(R"("k":"a","v":1,"w":100)")}).run();
  edited.edit("path: $.v", "path: $.w").records("sale", {sale(R"("k":"a","v":1,"w":100)")});
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("column sale.v"),
                                      HasSubstr("$.v"), HasSubstr("$.w")));
}

TEST(EditedPipeline, SourceColumnOfAnotherUnitIsRefused) {
  Edited edited(over_records("k: text, v: int, at: {type: timestamptz, unit: s}",
                             "SELECT k, max(at) AS s FROM sale GROUP BY k"));
  edited.records("sale", {R"({"k":"a","v":1,"at":1704096000})"}).run();
  edited.edit("unit: s", "unit: ms").records("sale", {R"({"k":"a","v":1,"at":1704096000000})"});
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("column sale.at")));
}

TEST(EditedPipeline, SourceColumnOfAnotherExpressionIsRefused) {
  Edited edited(
      over_records("k: text, w: int, v: {type: int, expr: w + 1}, at: timestamptz", sums));
  edited.records("sale", {sale(R"("k":"a","w":1)")}).run();
  edited.edit("expr: w + 1", "expr: w * 100").records("sale", {sale(R"("k":"a","w":1)")});
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("column sale.v")));
}

TEST(EditedPipeline, ColumnBehindAnExpressionIsPartOfIt) {
  Edited edited(over_records(
      "k: text, w: {type: int, path: $.w}, v: {type: int, expr: w + 1}, at: timestamptz", sums));
  edited.records("sale", {sale(R"("k":"a","w":1,"x":5)")}).run();
  edited.edit("path: $.w", "path: $.x").records("sale", {sale(R"("k":"a","w":1,"x":5)")});
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("column sale.w")));
}

TEST(EditedPipeline, AnotherTopicIsRefused) {
  Edited edited(over_records("k: text, v: int, at: timestamptz", sums));
  edited.records("sale", {sale(R"("k":"a","v":1)")}).records("other", {sale(R"("k":"a","v":5)")});
  edited.run().edit("stream: sale", "stream: other");
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("m/memory:other")));
}

TEST(EditedPipeline, AnotherFormatIsRefused) {
  Edited edited(over_records("k: text, v: int, at: timestamptz", sums));
  edited.records("sale", {sale(R"("k":"a","v":1)")}).run();
  edited.edit("format: json", "format: canal_json\n    changelog: {key: [k], ops: [insert]}");
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("format of sale: json")));
}

TEST(EditedPipeline, AnotherEventTimeIsRefused) {
  Edited edited(over_records("k: text, v: int, at: timestamptz, sent: timestamptz", sums));
  edited.records("sale", {sale(R"("k":"a","v":1)")}).run();
  edited.edit("column: at", "column: sent");
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("event time of sale: at")));
}

TEST(EditedPipeline, ColumnsThatNoStateReadsMayChange) {
  Edited edited(over_records("k: text, v: int, w: {type: int, path: $.w}, at: timestamptz", sums));
  edited.records("sale", {sale(R"("k":"a","v":1)")}).run();
  edited.edit("path: $.w", "path: $.x").records("sale", {sale(R"("k":"a","v":2)")}).run();
  EXPECT_THAT(edited.out(1), ElementsAre("a|3"));
}

TEST(EditedPipeline, FilterOverRecordsMayChange) {
  Edited edited(over_records("k: text, v: int, at: timestamptz",
                             "SELECT k, sum(v) AS s FROM sale WHERE v > 10 GROUP BY k"));
  edited.records("sale", {sale(R"("k":"a","v":5)"), sale(R"("k":"a","v":20)")}).run();
  edited.edit("v > 10", "v > 0").records("sale", {sale(R"("k":"a","v":7)")}).run();
  EXPECT_THAT(edited.out(1), ElementsAre("a|27"));
}

TEST(EditedPipeline, FilterLoosenedOverChangesIsRefused) {
  Edited edited(over_changes(
      "SELECT 1 AS k, count(*) AS n, sum(v) AS s FROM item WHERE v > 10 GROUP BY 1", "k"));
  edited.records("item", {change("INSERT", 1, 5), change("INSERT", 2, 20)}).run();
  edited.edit("v > 10", "v > 0").records("item", {change("UPDATE", 1, 7)});
  EXPECT_THAT(edited.refusal(),
              AllOf(HasSubstr("E5004"), HasSubstr("filter: (v > 10)"), HasSubstr("(v > 0)")));
}

// Row 1 would stay in the target when it is deleted.
TEST(EditedPipeline, FilterTightenedBeforeASinkOfChangesIsRefused) {
  Edited edited(over_changes("SELECT id, v FROM item WHERE v > 0", "id"));
  edited.records("item", {change("INSERT", 1, 5)}).run();
  edited.edit("v > 0", "v > 10").records("item", {change("DELETE", 1, 5)});
  EXPECT_THAT(edited.refusal(),
              AllOf(HasSubstr("E5004"), HasSubstr("sink out"), HasSubstr("filter: (v > 0)")));
}

TEST(EditedPipeline, FilterByKeyTightenedBeforeASinkOfChangesIsRefused) {
  Edited edited(over_changes("SELECT id, v FROM item WHERE id > 0", "id"));
  edited.records("item", {change("INSERT", 1, 5)}).run();
  edited.edit("id > 0", "id > 10").records("item", {change("DELETE", 1, 5)});
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("sink out")));
}

// An empty dedup would not know that row 1 is in the target.
TEST(EditedPipeline, DedupThatAppearsBeforeASinkIsRefused) {
  Edited edited(over_changes("SELECT id, v FROM item", "id"));
  edited.records("item", {change("INSERT", 1, 5)}).run();
  edited.edit("FROM item", "FROM item WHERE v < 7").records("item", {change("UPDATE", 1, 9)});
  EXPECT_THAT(edited.refusal(),
              AllOf(HasSubstr("E5004"), HasSubstr("sink out"), HasSubstr("changelog_dedup")));
}

TEST(EditedPipeline, EqualStatesOfOneStepThatTradeTheirFiltersAreRefused) {
  const std::string big = "SELECT k, sum(v) AS s FROM sale WHERE v > 10 GROUP BY k";
  const std::string small = "SELECT k, sum(v) AS s FROM sale WHERE v <= 10 GROUP BY k";
  const std::string both = "SELECT 'big ' || k AS k, s FROM (" + big +
                           ") b UNION ALL SELECT 'small ' || k AS k, s FROM (" + small + ") c";
  const std::string traded = "SELECT 'small ' || k AS k, s FROM (" + small +
                             ") c UNION ALL SELECT 'big ' || k AS k, s FROM (" + big + ") b";
  Edited edited(replaced(over_records("k: text, v: int, at: timestamptz", both),
                         ", key: [k]}, mode: upsert", "}, mode: changelog"));
  edited.records("sale", {sale(R"("k":"a","v":1)"), sale(R"("k":"a","v":20)")}).run();
  edited.edit(both, traded).records("sale", {sale(R"("k":"a","v":1)"), sale(R"("k":"a","v":20)")});
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("filter: (sale.v")));
}

// What a union and a lookup hand on counts as much as what a step takes directly.
TEST(EditedPipeline, ColumnsBehindAUnionArePartOfTheState) {
  const std::string sql =
      "SELECT k, sum(x) AS s FROM (SELECT k, v AS x FROM sale UNION ALL "
      "SELECT k, v + 1 AS x FROM sale) u GROUP BY k";
  Edited edited(over_records("k: text, v: int, at: timestamptz", sql));
  edited.records("sale", {sale(R"("k":"a","v":1)")}).run();
  edited.edit("v + 1", "v * 100").records("sale", {sale(R"("k":"a","v":1)")});
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("call: sum(")));
}

TEST(EditedPipeline, ColumnsBeforeALookupArePartOfTheState) {
  const std::string body = with_dimension(
      over_records("k: text, v: int, at: timestamptz",
                   "SELECT s.k, sum(s.x) AS s FROM (SELECT k, v + 1 AS x FROM sale) s LEFT JOIN "
                   "lookup('dim', s.k) d ON TRUE WHERE coalesce(d.v, '') <> 'no' "
                   "GROUP BY s.k"));
  Edited edited(body);
  edited.records("sale", {sale(R"("k":"a","v":1)")}).run();
  edited.edit("v + 1", "v * 100").records("sale", {sale(R"("k":"a","v":1)")});
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("call: sum(")));
}

// Over changes, the state holds what a row was sent with: whether it was sent at all is told by the
// kind of the join and its condition.
std::string looked_up(const std::string& join) {
  return with_dimension(over_changes("SELECT i.id, d.v AS name FROM item i " + join, "id"));
}

// Row 1, sent with NULL, would stay in the target when it is deleted.
TEST(EditedPipeline, LookupOverChangesThatLosesItsLeftIsRefused) {
  Edited edited(looked_up("LEFT JOIN lookup('dim', i.v::text) d ON true"));
  edited.records("item", {change("INSERT", 1, 5)}).run();
  edited.edit("LEFT JOIN", "JOIN").records("item", {change("DELETE", 1, 5)});
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("total/lookup_join"),
                                      HasSubstr("kind: left join is gone")));
}

TEST(EditedPipeline, LookupOverChangesThatBecomesLeftIsRefused) {
  Edited edited(looked_up("JOIN lookup('dim', i.v::text) d ON true"));
  edited.records("item", {change("INSERT", 1, 5)}).run();
  edited.edit("JOIN", "LEFT JOIN").records("item", {change("UPDATE", 1, 6)});
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("kind: left join")));
}

TEST(EditedPipeline, LookupOverChangesOnAnotherConditionIsRefused) {
  Edited edited(looked_up("LEFT JOIN lookup('dim', i.v::text) d ON d.v > 'm'"));
  edited.records("item", {change("INSERT", 1, 5)}).run();
  edited.edit("d.v > 'm'", "d.v > 'a'").records("item", {change("DELETE", 1, 5)});
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("total/lookup_join"),
                                      HasSubstr("on: (lookup dim.v > 'm')")));
}

// Of rows that stay, what was sent is never taken back.
TEST(EditedPipeline, LookupOverRecordsMayChange) {
  Edited edited(with_dimension(over_records("k: text, v: int, at: timestamptz",
                                            "SELECT s.k, sum(s.v) AS s FROM sale s JOIN "
                                            "lookup('dim', s.k) d ON d.v > 'm' GROUP BY s.k")));
  edited.records("sale", {sale(R"("k":"a","v":1)")}).run();
  edited.edit("JOIN lookup('dim', s.k) d ON d.v > 'm'", "LEFT JOIN lookup('dim', s.k) d ON true");
  edited.records("sale", {sale(R"("k":"a","v":2)")}).run();
  EXPECT_THAT(edited.out(1), ElementsAre("a|2"));
}

// The images of one table would be taken back for rows of another.
TEST(EditedPipeline, AnotherTableOfATopicIsRefused) {
  Edited edited(replaced(over_changes("SELECT 1 AS k, sum(v) AS s FROM item GROUP BY 1", "k"),
                         "format: canal_json", "format: {type: canal_json, table: item}"));
  edited.records("item", {change_of("item", "INSERT", 1, 5)}).run();
  edited.edit("table: item}", "table: item_2026}");
  edited.records("item", {change_of("item_2026", "UPDATE", 1, 7)});
  EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E5004"), HasSubstr("format of item"),
                                      HasSubstr("table \"item\""), HasSubstr("\"item_2026\"")));
}

TEST(EditedPipeline, LimitOfAFormatMayChange) {
  Edited edited(replaced(over_changes("SELECT 1 AS k, sum(v) AS s FROM item GROUP BY 1", "k"),
                         "format: canal_json", "format: {type: canal_json, max_bytes: 1MiB}"));
  edited.records("item", {change("INSERT", 1, 5)}).run();
  edited.edit("1MiB", "2MiB").records("item", {change("UPDATE", 1, 7)}).run();
  EXPECT_THAT(edited.out(1), ElementsAre("1|7"));
}

TEST(EditedPipeline, StepThatBeginsEmptyIsWarnedOf) {
  Edited edited(over_records("k: text, v: int, at: timestamptz", sums));
  edited.records("sale", {sale(R"("k":"a","v":1)")}).run();
  edited.edit("sinks: {out:",
              "  more: {sql: \"SELECT k, max(v) AS m FROM sale GROUP BY k\"}\n"
              "sinks: {max: {from: more, memory: {connection: m, table: max, key: [k]}, "
              "mode: upsert}, out:");
  edited.run();
  EXPECT_TRUE(edited.has_logged("the state of more/group_aggregate begins empty"));
  EXPECT_TRUE(edited.has_logged("code=E5007"));
  EXPECT_TRUE(edited.has_logged("sink max is new"));
  EXPECT_TRUE(edited.has_logged("code=E5008"));
  EXPECT_FALSE(edited.has_logged("sink out"));
}

TEST(EditedPipeline, StartThatDoesNotCountIsWarnedOf) {
  Edited edited(over_records("k: text, v: int, at: timestamptz", sums));
  edited.records("sale", {sale(R"("k":"a","v":1)")}).run();
  edited.edit("stream: sale}", "stream: sale, start: latest}").run();
  EXPECT_TRUE(edited.has_logged("`start` of m/memory:sale is latest now and was earliest"));
  EXPECT_TRUE(edited.has_logged("code=E5009"));
}

}  // namespace
}  // namespace sluice::test
