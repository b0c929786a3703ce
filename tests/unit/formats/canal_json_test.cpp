// Canal's envelopes: operations, several rows a record, what is skipped and what is refused.
#include <gtest/gtest.h>

#include "unit/formats/decode_support.hpp"

namespace sluice {
namespace {

using Texts = std::vector<std::string>;

ScanBuilder orders() {
  ScanBuilder builder;
  builder.column("id", "text").column("amount", "numeric(16,2)").column("ext", "jsonb");
  return builder;
}

std::string envelope(const std::string& type, const std::string& data) {
  return R"({"data":)" + data + R"(,"database":"shop","es":1767225600000,"id":7,"isDdl":false,)" +
         R"("mysqlType":{"id":"bigint","amount":"decimal"},"old":null,"pkNames":["id"],)" +
         R"("sql":"","sqlType":{"id":-5},"table":"orders","ts":1767225600123,"type":")" + type +
         R"("})";
}

Decoded decode_canal(const ScanSpec& scan, const Texts& values, const std::string& options = "{}") {
  return decode(scan, values, {.format = "canal_json", .options = options});
}

Texts kinds(const Decoded& decoded) {
  Texts texts;
  for (size_t row = 0; row < decoded.result.rows.rows(); ++row) {
    texts.push_back(row_kind_text(decoded.result.rows.kind(row)));
  }
  return texts;
}

TEST(Canal_Operations, BecomeRowKinds) {
  const Decoded decoded = decode_canal(
      orders().build(),
      {envelope("INSERT", R"([{"id":"1","amount":"12.30","ext":"{\"a\":1}"},{"id":"2"}])"),
       envelope("UPDATE", R"([{"id":"1","amount":"13","ext":null}])"),
       envelope("DELETE", R"([{"id":"2","amount":null}])")});
  EXPECT_EQ(decoded.rows,
            (Texts{R"(1|12.30|{"a": 1})", "2|NULL|NULL", "1|13.00|NULL", "2|NULL|NULL"}));
  EXPECT_EQ(kinds(decoded), (Texts{"+I", "+I", "+U", "-D"}));
  EXPECT_EQ(decoded.result.rows.meta().offset, (std::vector<int64_t>{100, 100, 101, 102}));
  EXPECT_EQ(decoded.failures, Texts{});
}

TEST(Canal_InsertOnly, SkipsUpdatesAndDeletes) {
  ScanBuilder builder = orders();
  builder.spec.ops = ChangelogOps::insert_only;
  const Decoded decoded = decode_canal(
      builder.build(),
      {envelope("INSERT", R"([{"id":"1"}])"), envelope("UPDATE", R"([{"id":"2","amount":"x"}])"),
       envelope("DELETE", R"([{"id":"3"}])"), envelope("INSERT", R"([{"id":"4"}])")});
  EXPECT_EQ(decoded.rows, (Texts{"1|NULL|NULL", "4|NULL|NULL"}));
  EXPECT_EQ(decoded.result.rows.meta().kind, std::vector<RowKind>{});
  EXPECT_EQ(decoded.result.records_skipped, 2u);
}

std::string update(const std::string& data, const std::string& old) {
  return R"({"data":)" + data + R"(,"database":"shop","isDdl":false,"old":)" + old +
         R"(,"table":"orders","type":"UPDATE"})";
}

ScanSpec keyed_orders() {
  ScanBuilder builder = orders();
  builder.spec.key_fields = {"id"};
  return builder.build();
}

TEST(Canal_UpdateOfTheKey, DeletesTheRowOfTheOldKeyFirst) {
  const Decoded decoded = decode_canal(
      keyed_orders(),
      {update(R"([{"id":"2","amount":"1","ext":"{\"a\":1}"}])", R"([{"amount":"9","id":"1"}])"),
       // Each row in turn, as the database changed them.
       update(R"([{"id":"4","amount":"2"}, {"id":"3","amount":"3"} , {"id":"7"}])",
              R"([ {"id": "3"}, {"\u0069d":"2"}, {"amount":"8"} ])")});
  EXPECT_EQ(changes(decoded),
            (Texts{R"(-D 1|1.00|{"a": 1})", R"(+U 2|1.00|{"a": 1})", "-D 3|2.00|NULL",
                   "+U 4|2.00|NULL", "-D 2|3.00|NULL", "+U 3|3.00|NULL", "+U 7|NULL|NULL"}));
  EXPECT_EQ(decoded.failures, Texts{});
  EXPECT_EQ(decoded.result.rows.meta().offset,
            (std::vector<int64_t>{100, 100, 101, 101, 101, 101, 101}));
}

// Some writers put all columns into `old`.
TEST(Canal_UpdateThatNamesTheKeyAsItIs, IsTheNewImageAlone) {
  const std::string row = R"({"id":"1","amount":"1"})";
  const std::string bad = R"({"id":"2","amount":"lots"})";
  const Decoded decoded = decode_canal(
      keyed_orders(),
      {update("[" + row + "," + bad + "]", R"([{"id":"1","amount":"9"},{"id":"2","amount":"9"}])"),
       // One row of several has another key; one key is spelt in two ways.
       update("[" + row + "," + row + "]", R"([{"id":"1"},{"amount":"9","id":"0"}])"),
       update("[" + row + "]", R"([{"id":"\u0031"}])"),
       // Of a field that stands twice the first counts.
       update(R"([{"id":"1","id":"2"}])", R"([{"id":"2","id":"1"}])")});
  EXPECT_EQ(changes(decoded),
            (Texts{"+U 1|1.00|NULL", "+U 1|1.00|NULL", "-D 0|1.00|NULL", "+U 1|1.00|NULL",
                   "+U 1|1.00|NULL", "-D 2|NULL|NULL", "+U 1|NULL|NULL"}));
  EXPECT_EQ(decoded.failures, Texts{"0 E3002 amount"});
}

// Keys are compared as SQL does, and as they are in the end.
TEST(Canal_UpdateOfWhatTheKeyIsMadeOf, DeletesNothingWhereTheKeyIsTheSame) {
  ScanBuilder numbers;
  numbers.column("v", "int").column("id", "numeric");
  numbers.spec.key_fields = {"id"};
  EXPECT_EQ(
      changes(decode_canal(numbers.build(), {update(R"([{"id":"1.00","v":"1"},{"id":"2","v":"2"}])",
                                                    R"([{"id":"1.0"},{"id":"2.1"}])")})),
      (Texts{"+U 1|1.00", "-D 2|2.1", "+U 2|2"}));

  ScanBuilder sums;
  sums.column("a", "int").column("b", "int");
  sums.column("id", "int").computed(call("+", sums.reference("a"), sums.reference("b")));
  sums.spec.key_fields = {"id"};
  EXPECT_EQ(changes(decode_canal(sums.build(), {update(R"([{"a":"1","b":"4"},{"a":"1","b":"4"}])",
                                                       R"([{"a":"2","b":"3"},{"a":"2"}])")})),
            (Texts{"+U 1|4|5", "-D 2|4|6", "+U 1|4|5"}));
}

TEST(Canal_UpdateOfOtherColumns, IsTheNewImageAlone) {
  const std::string row = R"([{"id":"1","amount":"1"}])";
  for (const std::string old : {R"([{"amount":"9"}])", R"([{"amount":"\"id\""}])", "null", "[]",
                                "[null]", R"([{"ext":"{\"id\":\"5\"}"}])"}) {
    const Decoded decoded = decode_canal(keyed_orders(), {update(row, old)});
    EXPECT_EQ(changes(decoded), Texts{"+U 1|1.00|NULL"}) << old;
  }
  EXPECT_EQ(changes(decode_canal(orders().build(), {update(row, R"([{"id":"0"}])")})),
            Texts{"+U 1|1.00|NULL"});
}

TEST(Canal_EmptiedTable, GoesWhereThePolicySays) {
  const auto ddl = [](const std::string& type) {
    return R"({"data":null,"database":"shop","isDdl":true,"table":"orders","type":")" + type +
           R"("})";
  };
  const Texts values = {ddl("TRUNCATE"), ddl("ERASE"), ddl("ALTER")};
  const Decoded bad = decode_canal(orders().build(), values);
  EXPECT_EQ(bad.failures, (Texts{"0 E3001", "1 E3001"}));
  EXPECT_EQ(bad.messages[0],
            "table shop.orders was emptied (TRUNCATE), and its rows that were read before still "
            "count: start afresh without them, or empty it by DELETE");
  EXPECT_EQ(bad.result.records_skipped, 1u);
  EXPECT_EQ(decode_canal(orders().build(), values, "{table: other}").result.records_skipped, 3u);

  ScanBuilder builder = orders();
  builder.spec.on_truncate = EmptiedTable::ignore;
  EXPECT_EQ(decode_canal(builder.build(), values).result.records_skipped, 3u);

  builder.spec.on_truncate = EmptiedTable::fail;
  const auto decoder = make_decoder(builder.build(), {.format = "canal_json"});
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  const Status stopped = decoder->decode(records(values), clock, allowance, result);
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().code, ErrorCode::decode_failed);
  EXPECT_NE(stopped.error().advice.find("on_truncate"), std::string::npos);
  EXPECT_EQ(result.refused_record, 0u);

  builder.spec.ops = ChangelogOps::insert_only;
  EXPECT_EQ(decode_canal(builder.build(), values).result.records_skipped, 3u);
}

TEST(Canal_DdlTombstonesAndOtherTables, AreSkipped) {
  const std::string ddl =
      R"({"data":null,"database":"shop","isDdl":true,"sql":"ALTER TABLE orders ADD x int",)"
      R"("table":"orders","type":"ALTER"})";
  const Decoded all = decode_canal(orders().build(), {ddl, envelope("INSERT", R"([{"id":"1"}])")});
  EXPECT_EQ(all.rows, Texts{"1|NULL|NULL"});
  EXPECT_EQ(all.result.records_skipped, 1u);

  const Texts values = {envelope("INSERT", R"([{"id":"1"}])")};
  EXPECT_EQ(decode_canal(orders().build(), values, "{table: orders, database: shop}").rows.size(),
            1u);
  EXPECT_EQ(decode_canal(orders().build(), values, "{table: other}").result.records_skipped, 1u);
  EXPECT_EQ(decode_canal(orders().build(), values, "{database: other}").result.records_skipped, 1u);
}

// Canal writes no tombstones: a null value is lost data, not a change.
TEST(Canal_NullValue, IsABadRecord) {
  const auto decoder = make_decoder(orders().build(), {.format = "canal_json"});
  RawBatch raw = records({""});
  raw.records[0].value_is_null = true;
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  ASSERT_TRUE(decoder->decode(raw, clock, allowance, result));
  EXPECT_EQ(result.records_skipped, 0u);
  EXPECT_EQ(rendered(std::move(result)).failures, Texts{"0 E3001"});
}

TEST(Canal_BadRow, FailsAloneAmongThoseOfItsRecord) {
  const Decoded decoded =
      decode_canal(orders().build(),
                   {envelope("INSERT", R"([{"id":"1"},{"id":"2","amount":"lots"},{"id":"3"}])")});
  EXPECT_EQ(decoded.rows, (Texts{"1|NULL|NULL", "3|NULL|NULL"}));
  EXPECT_EQ(decoded.failures, Texts{"0 E3002 amount"});
  EXPECT_EQ(decoded.result.rows_read, 3u);
}

// Half an envelope gives no row, and leaves no trace in the rows after it.
TEST(Canal_BrokenEnvelope, GivesNoRowAtAll) {
  const std::string good = envelope("INSERT", R"([{"id":"9","amount":"1","ext":"1"}])");
  const std::string cut = envelope("INSERT", R"([{"id":"1"},{"id":"2"}])");
  const Texts broken = {cut.substr(0, cut.size() - 1),
                        cut.substr(0, cut.size() - 20),
                        cut + "}",
                        "[]",
                        "{}",
                        R"({"type":"INSERT"})",
                        R"({"data":[{"id":"1"}]})",
                        envelope("MERGE", R"([{"id":"1"}])"),
                        envelope("INSERT", "[]"),
                        envelope("INSERT", R"("x")"),
                        envelope("INSERT", R"({"id":"1"})"),
                        envelope("INSERT", R"([{"id":"1"},5])"),
                        envelope("INSERT", R"([{"id":"1"},{"id":"2"])"),
                        R"({"data":[{"id":"1"}],"type":5})"};
  for (const std::string& document : broken) {
    const Decoded decoded = decode_canal(orders().build(), {good, document, good});
    EXPECT_EQ(decoded.failures, Texts{"1 E3001"}) << document;
    EXPECT_EQ(decoded.rows, (Texts{"9|1.00|1", "9|1.00|1"})) << document;
  }
}

TEST(Canal_LargeRecord, Fails) {
  const Decoded decoded =
      decode_canal(orders().build(), {envelope("INSERT", R"([{"id":"1"}])")}, "{max_bytes: 16B}");
  EXPECT_EQ(decoded.failures, Texts{"0 E3006"});
}

TEST(Canal_UndeclaredFieldOfARow, IsADeadLetter) {
  ScanBuilder builder = orders();
  builder.spec.known_fields = {"id", "amount", "ext"};
  builder.spec.on_unknown_field = UnknownField::dead_letter;
  const Decoded decoded =
      decode_canal(builder.build(), {envelope("INSERT", R"([{"id":"1","x":"1"},{"id":"2"}])")});
  EXPECT_EQ(decoded.failures, Texts{"0 E3007"});
  EXPECT_EQ(decoded.rows, Texts{"2|NULL|NULL"});
}

TEST(Canal_EventTimes, MoveTheClockRowByRow) {
  ScanBuilder builder;
  builder.column("id", "text").column("t", "timestamptz").event_time("t");
  const Decoded decoded = decode_canal(
      builder.build(),
      {envelope("INSERT", R"([{"id":"1","t":"2026-01-01 00:00:05"},{"id":"2","t":null},)"
                          R"({"id":"3","t":"2026-01-01 00:00:01"}])")});
  EXPECT_EQ(decoded.rows, (Texts{"1|2026-01-01 00:00:05+00", "3|2026-01-01 00:00:01+00"}));
  EXPECT_EQ(decoded.failures, Texts{"0 E3004 t"});
  EXPECT_EQ(decoded.result.failures[0].event_time_us, std::nullopt);
  EXPECT_EQ(decoded.result.rows.meta().seen,
            (std::vector<int64_t>{not_behind, record_time_us + 5'000'000}));
}

}  // namespace
}  // namespace sluice
