// A table of a changelog is emptied without naming its rows: what becomes of the record and of the
// rows before it, as `changelog.on_truncate` says, also over restarts.
#include <gmock/gmock.h>

#include "unit/pipeline/edited.hpp"

namespace sluice::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* emptied =
    R"({"data":null,"database":"d","table":"item","type":"TRUNCATE","isDdl":true})";

std::string inserted(int id, int v) {
  return R"({"database":"d","table":"item","type":"INSERT","isDdl":false,"data":[{"id":")" +
         std::to_string(id) + R"(","v":")" + std::to_string(v) + R"("}]})";
}

// The sum of all items.
std::string with_policy(const std::string& policy) {
  return R"yaml(
sources:
  item:
    memory: {connection: m, stream: item}
    format: canal_json
    changelog: {key: [id], ops: all, on_truncate: )yaml" +
         policy + R"yaml(}
    columns: {id: int, v: int}
steps:
  total: {sql: "SELECT 1 AS k, sum(v) AS s FROM item GROUP BY 1"}
sinks: {out: {from: total, memory: {connection: m, table: out, key: [k]}, mode: upsert}}
)yaml" + dead_letters;
}

TEST(EmptiedTable, IsOneDeadLetterOverRestarts) {
  Edited edited(with_policy("bad_record"));
  edited.records("item", {inserted(1, 5)}).run();
  edited.records("item", {emptied}).run();
  edited.records("item", {inserted(2, 7)}).run();
  EXPECT_THAT(edited.out(1), ElementsAre("1|12"));
  EXPECT_THAT(edited.dead(), ElementsAre(AllOf(HasSubstr("E3001"), HasSubstr("still count"))));
}

TEST(EmptiedTable, IsPassedOverWhereThePolicyIgnoresIt) {
  Edited edited(with_policy("ignore"));
  edited.records("item", {inserted(1, 5)}).run();
  edited.records("item", {emptied}).run();
  edited.records("item", {inserted(2, 7)}).run();
  EXPECT_THAT(edited.out(1), ElementsAre("1|12"));
  EXPECT_THAT(edited.dead(), IsEmpty());
}

TEST(EmptiedTable, EndsEachRunUntilThePolicyIsAnotherOne) {
  Edited edited(with_policy("fail"));
  edited.records("item", {inserted(1, 5)}).run();
  edited.records("item", {emptied, inserted(2, 7)});
  for (int start = 0; start < 2; ++start) {
    EXPECT_THAT(edited.refusal(), AllOf(HasSubstr("E3001"), HasSubstr("d.item was emptied"),
                                        HasSubstr("set changelog.on_truncate to")));
  }
  EXPECT_THAT(edited.out(1), ElementsAre("1|5"));
  edited.edit("on_truncate: fail", "on_truncate: ignore").run();
  EXPECT_THAT(edited.out(1), ElementsAre("1|12"));
  EXPECT_THAT(edited.dead(), IsEmpty());
}

}  // namespace
}  // namespace sluice::test
