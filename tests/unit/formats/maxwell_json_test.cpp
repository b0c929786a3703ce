// Maxwell's envelopes: operations, bootstraps, former keys, what is skipped and what is refused.
#include <gtest/gtest.h>

#include "unit/formats/decode_support.hpp"

namespace sluice {
namespace {

using Texts = std::vector<std::string>;

std::string record(const std::string& type, const std::string& data, const std::string& more = "") {
  return R"({"database":"shop","table":"orders","type":")" + type +
         R"(","ts":1767225600,"xid":7,"commit":true,"data":)" + data + more + "}";
}

ScanSpec orders() {
  ScanBuilder builder;
  builder.column("id", "int").column("amount", "numeric(9,2)").column("at", "timestamp");
  builder.column("tags", "jsonb");
  builder.spec.key_fields = {"id"};
  return builder.build();
}

Decoded decode_maxwell(const ScanSpec& scan, const Texts& values,
                       const std::string& options = "{}") {
  return decode(scan, values, {.format = "maxwell_json", .options = options});
}

TEST(Maxwell_Operations, BecomeRowKinds) {
  const Decoded decoded = decode_maxwell(
      orders(),
      {record("insert", R"({"id":1,"amount":4.5,"at":"2026-01-01 05:33:37.523","tags":["a","b"]})"),
       record("update", R"({"id":1,"amount":5,"at":null})", R"(,"old":{"amount":4.5})"),
       record("delete", R"({"id":1,"amount":5})"), record("bootstrap-start", "{}"),
       record("bootstrap-insert", R"({"id":2,"amount":6})"), record("bootstrap-complete", "{}")});
  EXPECT_EQ(changes(decoded),
            (Texts{R"(+I 1|4.50|2026-01-01 05:33:37.523|["a", "b"])", "+U 1|5.00|NULL|NULL",
                   "-D 1|5.00|NULL|NULL", "+I 2|6.00|NULL|NULL"}));
  EXPECT_EQ(decoded.failures, Texts{});
  EXPECT_EQ(decoded.result.records_skipped, 2u);
}

TEST(Maxwell_UpdateOfTheKey, DeletesTheRowOfTheOldKeyFirst) {
  const Decoded decoded =
      decode_maxwell(orders(), {record("update", R"({"id":2,"amount":5})", R"(,"old":{"id":1})"),
                                record("update", R"({"id":2,"amount":6})", R"(,"old":{"id":2})"),
                                record("update", R"({"id":2,"amount":7})", R"(,"old":null)")});
  EXPECT_EQ(changes(decoded), (Texts{"-D 1|5.00|NULL|NULL", "+U 2|5.00|NULL|NULL",
                                     "+U 2|6.00|NULL|NULL", "+U 2|7.00|NULL|NULL"}));
}

TEST(Maxwell_Definitions, AreSkippedAndADroppedTableIsTold) {
  const auto ddl = [](const std::string& type) {
    return R"({"type":")" + type + R"(","database":"shop","table":"orders","sql":"…","def":{}})";
  };
  const Texts values = {ddl("table-create"), ddl("table-alter"), ddl("database-create"),
                        ddl("table-drop")};
  const Decoded decoded = decode_maxwell(orders(), values);
  EXPECT_EQ(decoded.result.records_skipped, 3u);
  EXPECT_EQ(decoded.failures, Texts{"3 E3001"});
  EXPECT_NE(decoded.messages.at(0).find("table shop.orders was emptied (table-drop)"),
            std::string::npos);
  EXPECT_EQ(decode_maxwell(orders(), values, "{table: other}").result.records_skipped, 4u);
}

TEST(Maxwell_OtherTables, AreSkippedWithoutALook) {
  const Texts values = {record("insert", R"({"id":"x"})")};
  EXPECT_EQ(decode_maxwell(orders(), values, "{table: other}").result.records_skipped, 1u);
  EXPECT_EQ(decode_maxwell(orders(), values, "{database: other}").result.records_skipped, 1u);
  EXPECT_EQ(decode_maxwell(orders(), values, "{database: shop, table: orders}").failures,
            Texts{"0 E3002 id"});
}

TEST(Maxwell_BrokenEnvelope, GivesNoRowAtAll) {
  const std::string good = record("insert", R"({"id":9})");
  for (const std::string& document :
       {good.substr(0, good.size() - 1), good + "}", std::string("[]"), std::string("{}"),
        record("replace", R"({"id":1})"), record("insert", "null"),
        record("insert", R"([{"id":1}])"), record("insert", R"({"id":1)"),
        std::string(R"({"encrypted":{"bytes":"x"}})"), std::string(R"({"data":{"id":1}})")}) {
    const Decoded decoded = decode_maxwell(orders(), {good, document, good});
    EXPECT_EQ(decoded.failures, Texts{"1 E3001"}) << document;
    EXPECT_EQ(decoded.rows, (Texts{"9|NULL|NULL|NULL", "9|NULL|NULL|NULL"})) << document;
  }
}

TEST(Maxwell_NullValue, IsABadRecord) {
  const auto decoder = make_decoder(orders(), {.format = "maxwell_json"});
  RawBatch raw = records({""});
  raw.records[0].value_is_null = true;
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  ASSERT_TRUE(decoder->decode(raw, clock, allowance, result));
  EXPECT_EQ(rendered(std::move(result)).failures, Texts{"0 E3001"});
}

}  // namespace
}  // namespace sluice
