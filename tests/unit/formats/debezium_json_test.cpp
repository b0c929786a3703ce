// Debezium's envelopes: operations, former keys, tombstones, what is skipped and what is refused.
#include <gtest/gtest.h>

#include "unit/formats/decode_support.hpp"

namespace sluice {
namespace {

using Texts = std::vector<std::string>;

// A record with a key; without a value it is a tombstone.
struct Keyed {
  std::string key;
  std::optional<std::string> value;
};

Decoded decode_keyed(const ScanSpec& scan, const std::vector<Keyed>& keyed,
                     const std::string& options = "{}") {
  Texts texts;
  for (const Keyed& record : keyed) {
    texts.push_back(record.value.value_or(""));
    texts.push_back(record.key);
  }
  const RawBatch all = records(texts);
  RawBatch raw = all;
  raw.records.clear();
  for (size_t i = 0; i < keyed.size(); ++i) {
    RawRecord record = all.records[2 * i];
    record.value_is_null = !keyed[i].value;
    record.key = all.records[2 * i + 1].value;
    record.key_is_null = record.key.empty();
    raw.records.push_back(record);
  }
  const auto decoder = make_decoder(scan, {.format = "debezium_json", .options = options});
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  const Status status = decoder->decode(raw, clock, allowance, result);
  if (!status) ADD_FAILURE() << status.error().to_string();
  return rendered(std::move(result));
}

Decoded decode_debezium(const ScanSpec& scan, const Texts& values,
                        const std::string& options = "{}") {
  return decode(scan, values, {.format = "debezium_json", .options = options});
}

std::string change(const std::string& op, const std::string& before, const std::string& after) {
  return R"({"before":)" + before + R"(,"after":)" + after +
         R"(,"source":{"version":"2.7","db":"shop","schema":"public","table":"orders","lsn":7},)" +
         R"("op":")" + op + R"(","ts_ms":1767225600123,"transaction":null})";
}

ScanBuilder orders() {
  ScanBuilder builder;
  builder.column("id", "int").column("v", "int");
  builder.spec.key_fields = {"id"};
  return builder;
}

TEST(Debezium_Operations, BecomeRowKinds) {
  const Texts values = {change("r", "null", R"({"id":1,"v":1})"),
                        change("c", "null", R"({"id":2,"v":2})"),
                        change("u", R"({"id":2,"v":2})", R"({"id":2,"v":3})"),
                        change("d", R"({"id":1,"v":1})", "null")};
  const Decoded decoded = decode_debezium(orders().build(), values);
  EXPECT_EQ(changes(decoded), (Texts{"+I 1|1", "+I 2|2", "+U 2|3", "-D 1|1"}));
  EXPECT_EQ(decoded.failures, Texts{});

  ScanBuilder inserts = orders();
  inserts.spec.ops = ChangelogOps::insert_only;
  inserts.spec.key_fields = {};
  EXPECT_EQ(changes(decode_debezium(inserts.build(), values)), (Texts{"+I 1|1", "+I 2|2"}));
}

TEST(Debezium_Payload, IsReadAsTheEnvelope) {
  const auto wrapped = [](const std::string& schema, const std::string& value) {
    return R"({"schema":)" + schema + R"(,"payload":)" + value + "}";
  };
  const std::string value = change("c", "null", R"({"id":1,"v":1})");
  const std::string schema =
      R"({"type":"struct","fields":[{"type":"struct","field":"after","fields":[]}]})";
  const Decoded decoded = decode_debezium(
      orders().build(), {wrapped("null", value), wrapped(schema, value), wrapped("{}", value),
                         wrapped(R"({"type":"struct","fields":[{"field":"after"}]})", value),
                         wrapped("null", "null")});
  EXPECT_EQ(decoded.rows, (Texts{"1|1", "1|1"}));
  EXPECT_EQ(decoded.failures, (Texts{"2 E3001", "3 E3001", "4 E3001"}));
  EXPECT_NE(decoded.messages.at(0).find("`schema` does not describe"), std::string::npos);
}

TEST(Debezium_UpdateOfTheKey, DeletesTheRowOfTheOldKeyFirst) {
  EXPECT_EQ(changes(decode_debezium(orders().build(),
                                    {change("u", R"({"id":1,"v":1})", R"({"id":2,"v":2})")})),
            (Texts{"-D 1|2", "+U 2|2"}));
}

// As PostgreSQL's default replica identity has it: the record's key says what the table's key is.
TEST(Debezium_UpdateWithoutFormerRow, IsTakenWhereTheRecordsKeyIsTheChangelogs) {
  const std::string update = change("u", "null", R"({"id":1,"v":2})");
  const std::string bare = change("u", R"({"id":null,"v":1})", R"({"id":1,"v":2})");
  const std::string schema = R"({"type":"struct","fields":[{"type":"int32","field":"id"}]})";
  for (const std::string& value : {update, bare}) {
    const Decoded decoded = decode_keyed(
        orders().build(), {{R"({"id":1})", value},
                           {R"({"schema":)" + schema + R"(,"payload":{"id":1}})", value},
                           {"Struct{id=1}", value},  // what is no JSON says nothing
                           {"", value},
                           {R"({"code":"a"})", value},
                           {R"({"schema":)" + schema + R"(,"payload":{"code":"a"}})", value}});
    EXPECT_EQ(changes(decoded), (Texts{"+U 1|2", "+U 1|2", "+U 1|2", "+U 1|2"})) << value;
    EXPECT_EQ(decoded.failures, (Texts{"4 E3001", "5 E3001"})) << value;
    EXPECT_NE(decoded.messages.at(0).find("REPLICA IDENTITY FULL"), std::string::npos);
  }
}

TEST(Debezium_BareDeletion, NeedsTheKeyAlone) {
  const std::string deletion = change("d", R"({"id":1,"v":null})", "null");
  EXPECT_EQ(changes(decode_debezium(orders().build(), {deletion})), Texts{"-D 1|NULL"});
  ScanBuilder strict = orders();
  strict.spec.columns[1].required = true;
  const Decoded refused = decode_debezium(strict.build(), {deletion});
  EXPECT_EQ(refused.failures, Texts{"0 E3003 v"});
  EXPECT_NE(refused.messages.at(0).find("REPLICA IDENTITY FULL"), std::string::npos);
  EXPECT_EQ(decode_debezium(orders().build(), {change("d", "null", "null")}).failures,
            Texts{"0 E3001"});
}

TEST(Debezium_Tombstone, DeletesTheRowOfItsKey) {
  const std::string schema =
      R"({"type":"struct","fields":[{"type":"bytes","field":"id","parameters":{"scale":"0"},)"
      R"("name":"org.apache.kafka.connect.data.Decimal"}]})";
  const std::vector<Keyed> tombstones = {
      {R"({"id":1})", {}},
      {R"({"schema":)" + schema + R"(,"payload":{"id":"AQ=="}})", {}},
      {R"({"id":null})", {}},
      {R"({"code":1})", {}},
      {"1", {}},
      {"{", {}},
      {"", {}}};
  const Decoded decoded = decode_keyed(orders().build(), tombstones);
  EXPECT_EQ(changes(decoded), (Texts{"-D 1|NULL", "-D 1|NULL"}));
  EXPECT_EQ(decoded.result.records_skipped, 5u);
  EXPECT_EQ(decoded.failures, Texts{});
}

TEST(Debezium_Tombstone, IsSkippedWhereARowNeedsMoreThanItsKey) {
  const std::vector<Keyed> tombstone = {{R"({"id":1})", {}}};
  ScanBuilder strict = orders();
  strict.spec.columns[1].required = true;
  EXPECT_EQ(decode_keyed(strict.build(), tombstone).result.records_skipped, 1u);
  ScanBuilder timed = orders();
  timed.column("t", "timestamptz").event_time("t");
  EXPECT_EQ(decode_keyed(timed.build(), tombstone).result.records_skipped, 1u);
  ScanBuilder inserts = orders();
  inserts.spec.ops = ChangelogOps::insert_only;
  EXPECT_EQ(decode_keyed(inserts.build(), tombstone).result.records_skipped, 1u);
  EXPECT_EQ(decode_keyed(orders().build(), tombstone, "{table: orders}").result.records_skipped, 1u)
      << "it does not say of which table it is";
}

TEST(Debezium_RecordsAboutNoRow, AreSkipped) {
  const Texts values = {
      R"({"ts_ms":1767225600123})",
      R"({"schema":{"name":"io.debezium.connector.common.Heartbeat"},"payload":{"ts_ms":1}})",
      R"({"status":"BEGIN","id":"571:53","event_count":null,"data_collections":null,"ts_ms":1})",
      R"({"status":"END","id":"571:53","event_count":2,"data_collections":[{"event_count":2}]})",
      R"({"source":{"db":"shop"},"ts_ms":1,"ddl":"…","tableChanges":[{"type":"ALTER"}]})",
      R"({"op":"m","ts_ms":1,"source":{"lsn":7},"message":{"prefix":"p","content":"AQ=="}})"};
  EXPECT_EQ(decode_debezium(orders().build(), values).result.records_skipped, values.size());
}

TEST(Debezium_Truncate, GoesWhereThePolicySays) {
  const Texts values = {change("t", "null", "null")};
  const Decoded bad = decode_debezium(orders().build(), values);
  EXPECT_EQ(bad.failures, Texts{"0 E3001"});
  EXPECT_NE(bad.messages.at(0).find("table shop.public.orders was emptied (TRUNCATE)"),
            std::string::npos);
  ScanBuilder ignoring = orders();
  ignoring.spec.on_truncate = EmptiedTable::ignore;
  EXPECT_EQ(decode_debezium(ignoring.build(), values).result.records_skipped, 1u);
  EXPECT_EQ(decode_debezium(orders().build(), values, "{table: other}").result.records_skipped, 1u);
}

TEST(Debezium_OtherTables, AreSkipped) {
  const Texts values = {change("c", "null", R"({"id":1,"v":1})")};
  for (const char* options : {"{database: x}", "{schema: x}", "{table: x}"})
    EXPECT_EQ(decode_debezium(orders().build(), values, options).result.records_skipped, 1u);
  EXPECT_EQ(
      decode_debezium(orders().build(), values, "{database: shop, schema: public, table: orders}")
          .rows,
      Texts{"1|1"});
}

TEST(Debezium_BrokenEnvelope, GivesNoRowAtAll) {
  const std::string good = change("c", "null", R"({"id":9,"v":9})");
  for (const std::string& document :
       {good.substr(0, good.size() - 1), good + "}", std::string("[]"), std::string("{}"),
        std::string(R"({"id":1,"v":1})"),            // a row without an envelope
        std::string(R"({"id":1,"v":1,"ts_ms":1})"),  // also one with such a column
        std::string(R"({"status":"BEGIN","v":1})"), change("x", "null", R"({"id":1})"),
        change("c", "null", "null"), change("c", "null", R"([{"id":1}])"),
        change("c", "null", R"("{\"id\":1}")"), change("u", R"({"id":1})", "null"),
        change("c", "null", R"({"id":1)"), change("c", "null", R"({"id":1]})")}) {
    const Decoded decoded = decode_debezium(orders().build(), {good, document, good});
    EXPECT_EQ(decoded.failures, Texts{"1 E3001"}) << document;
    EXPECT_EQ(decoded.rows, (Texts{"9|9", "9|9"})) << document;
  }
}

}  // namespace
}  // namespace sluice
