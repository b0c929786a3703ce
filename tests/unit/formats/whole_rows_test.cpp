// What rows carry of their source for dead letters: all columns, also what is no value, and never a
// row less.
#include <gtest/gtest.h>

#include "unit/formats/decode_support.hpp"

namespace sluice {
namespace {

using Texts = std::vector<std::string>;

// id, and carried: n int, who text from user.name.
ScanBuilder people() {
  ScanBuilder builder;
  builder.column("id", "int").column("n", "int").carried();
  builder.column("who", "text", "user.name").carried().output(1).whole_rows();
  return builder;
}

TEST(WholeRows, HoldAllColumnsInTheOrderOfTheSource) {
  ScanBuilder builder;
  builder.column("id", "int").column("at", "timestamptz").unit(TimeUnit::milliseconds).carried();
  builder.column("price", "numeric(6,2)").carried().column("more", "jsonb").carried().output(1);
  builder.spec.whole_row = {2, 0, 3, 1};
  const Decoded decoded = decode(
      builder.build(), {R"({"id":1,"at":1767225600500,"price":"1.5","more":{"b":1,"a":"\u00e9"}})",
                        R"({"price":null,"id":2})"});
  EXPECT_EQ(decoded.rows, (Texts{"1", "2"}));
  EXPECT_EQ(
      decoded.carried,
      (Texts{R"({"price":1.50,"id":1,"more":{"a": "é", "b": 1},"at":"2026-01-01T00:00:00.5Z"})",
             R"({"price":null,"id":2,"more":null,"at":null})"}));
}

TEST(WholeRows, AreNotCarriedUnlessAskedFor) {
  const Decoded decoded = decode(ScanBuilder().column("id", "int").build(), {R"({"id":1})"});
  EXPECT_EQ(decoded.rows, Texts{"1"});
  EXPECT_EQ(decoded.result.rows.meta().source_row, nullptr);
}

TEST(WholeRows, ShowTheTextOfWhatIsNoValue) {
  const Decoded decoded =
      decode(people().build(),
             {R"({"id":1,"n":"many","user":{"name":"ann"}})", R"({"id":2,"n":1.5,"user":"none"})",
              R"({"id":3,"n":[1, 2],"user":[7]})", R"({"id":4,"n":nul,"user":{"name":"\ud800"}})",
              R"({"id":5,"n":true,"user":{"name":{"first":"eve"}}})"});
  EXPECT_EQ(decoded.rows, (Texts{"1", "2", "3", "4", "5"}));
  EXPECT_TRUE(decoded.failures.empty());
  EXPECT_EQ(decoded.carried,
            (Texts{R"({"id":1,"n":"many","who":"ann"})", R"({"id":2,"n":"1.5","who":"none"})",
                   R"({"id":3,"n":"[1, 2]","who":"[7]"})", R"({"id":4,"n":"nul","who":"\\ud800"})",
                   R"({"id":5,"n":"true","who":"{\"first\":\"eve\"}"})"}));
}

TEST(WholeRows, LeaveOutWhatHasNoText) {
  ScanBuilder builder;
  builder.column("id", "int").column("n", "int").carried();
  builder.column("twice", "int").carried();
  builder.computed(call("*", builder.reference("n"), builder.reference("n")));
  builder.column("place", "text").meta(MetaColumn::key).carried().output(1).whole_rows();
  RawBatch raw = records({R"({"id":1,"n":2})", R"({"id":2,"n":"x"})", R"({"id":3,"n":99999})"});
  raw.records[0].key = "\xff";
  raw.records[1].key = "k";
  for (RawRecord& record : raw.records) record.key_is_null = false;
  PartitionClock clock({});
  Allowance allowance;
  DecodeResult result;
  ASSERT_TRUE(make_decoder(builder.build())->decode(raw, clock, allowance, result));
  EXPECT_EQ(rendered(std::move(result)).carried,
            (Texts{R"({"id":1,"n":2,"twice":4})", R"({"id":2,"n":"x","place":"k"})",
                   R"({"id":3,"n":99999,"place":""})"}));
}

// Rows that are filtered or bad are none of those that carry something.
TEST(WholeRows, GoWithTheRowsThatAreKept) {
  for (const bool needs_second_pass : {false, true}) {
    ScanBuilder builder = people();
    ExpressionPtr predicate = builder.compare("id", ">", "1");
    if (needs_second_pass)
      predicate = any_of({predicate, call("=", builder.reference("id"), builder.reference("id"))});
    builder.predicate(predicate);
    const Decoded decoded =
        decode(builder.build(), {R"({"id":1,"n":"a"})", R"({"id":"x","n":"b"})",
                                 R"({"id":2,"n":3})", R"({"n":"c"})", R"({"id":4,"n":"d"})"});
    Texts carried = {R"({"id":2,"n":3,"who":null})", R"({"id":4,"n":"d","who":null})"};
    if (needs_second_pass) carried.insert(carried.begin(), R"({"id":1,"n":"a","who":null})");
    EXPECT_EQ(decoded.carried, carried);
    EXPECT_EQ(decoded.failures, Texts{"1 E3002 id"});
  }
}

// Without the carried columns nobody would have looked there.
TEST(WholeRows, ShowTheRecordThatIsSoundOnlyWhereItIsNeeded) {
  const Decoded decoded = decode(
      people().build(), {R"({"id":1,"user":{"name" "ann"}})", R"({"id":2,"user":{"name":"bob"}})",
                         R"({"id" 3,"user":{"name":"cy"}})"});
  EXPECT_EQ(decoded.rows, (Texts{"1", "2"}));
  EXPECT_EQ(decoded.failures, Texts{"2 E3001"});
  EXPECT_EQ(decoded.carried, (Texts{R"("{\"id\":1,\"user\":{\"name\" \"ann\"}}")",
                                    R"({"id":2,"n":null,"who":"bob"})"}));
}

TEST(WholeRows, ShowEachRowOfAnEnvelope) {
  DecodeSettings canal;
  canal.format = "canal_json";
  const Decoded decoded = decode(
      people().build(),
      {R"({"data":[{"id":"1","n":"x","user":{"name":"ann"}},{"id":"2","n":"4"}],"type":"INSERT"})",
       R"({"data":[{"id":"3","n":"5"},{"id":"4","user":{"name" "dee"}}],"type":"INSERT"})",
       R"({"data":[{"id":"5","n":"6"}],"type":"INSERT"})"},
      canal);
  EXPECT_EQ(decoded.rows, (Texts{"1", "2", "3", "4", "5"}));
  EXPECT_EQ(
      decoded.carried,
      (Texts{R"({"id":1,"n":"x","who":"ann"})", R"({"id":2,"n":4,"who":null})",
             R"("{\"id\":\"3\",\"n\":\"5\"}")", R"("{\"id\":\"4\",\"user\":{\"name\" \"dee\"}}")",
             R"({"id":5,"n":6,"who":null})"}));
}

TEST(WholeRows, FieldsThatAreNotDeclaredAreSeenInEitherWay) {
  ScanBuilder builder = people();
  builder.spec.on_unknown_field = UnknownField::dead_letter;
  builder.spec.known_fields = {"id", "n", "user"};
  const Decoded decoded =
      decode(builder.build(), {R"({"id":1,"x":1,"user":{"name" "ann"}})", R"({"id":2,"n":1})"});
  EXPECT_EQ(decoded.failures, Texts{"0 E3007"});
  EXPECT_EQ(decoded.carried, Texts{R"({"id":2,"n":1,"who":null})"});
}

}  // namespace
}  // namespace sluice
