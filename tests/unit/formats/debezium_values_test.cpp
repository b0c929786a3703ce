// The values of Debezium's rows: by the record's schema, by the column without one, and what is
// refused since it could be two things.
#include <gtest/gtest.h>

#include "unit/formats/decode_support.hpp"

namespace sluice {
namespace {

// The type of a field in a schema: `"int32"`, or with a name.
std::string typed(const std::string& type, const std::string& name = {},
                  const std::string& more = {}) {
  return R"("type":")" + type + R"(")" +
         (name.empty() ? std::string() : R"(,"name":")" + name + R"(")") + more;
}

std::string envelope(const std::string& value) {
  return R"({"before":null,"after":{"id":1,"v":)" + value + R"(},"op":"c","ts_ms":1})";
}

std::string with_schema(const std::string& type, const std::string& value) {
  return R"({"schema":{"type":"struct","fields":[{"type":"struct","field":"before","fields":[]},)"
         R"({"type":"struct","field":"after","fields":[{"type":"int32","field":"id"},{)" +
         type + R"(,"optional":true,"field":"v"}]}]},"payload":)" + envelope(value) + "}";
}

// The column v of the one row, or what is wrong with it.
std::string read(const std::string& column_type, const std::string& record,
                 const std::string& options = "{}", TimeUnit unit = TimeUnit::none) {
  ScanBuilder builder;
  builder.column("v", column_type).unit(unit);
  const Decoded decoded =
      decode(builder.build(), {record}, {.format = "debezium_json", .options = options});
  return decoded.failures.empty() ? decoded.rows.at(0)
                                  : decoded.failures.at(0) + ": " + decoded.messages.at(0);
}

struct BySchema {
  const char* column;
  std::string type;
  const char* value;
  const char* expected;
};

TEST(DebeziumValues_WithSchema, AreWhatItSays) {
  const std::string debezium = "io.debezium.time.";
  const std::string connect = "org.apache.kafka.connect.data.";
  const std::string decimal =
      typed("bytes", connect + "Decimal", R"(,"version":1,"parameters":{"scale":"2"})");
  const BySchema cases[] = {
      {"date", typed("int32", debezium + "Date"), "20454", "2026-01-01"},
      {"date", typed("int32", connect + "Date"), "-1", "1969-12-31"},
      {"text", typed("int32", debezium + "Date"), "20454", "2026-01-01"},
      {"int", typed("int32", debezium + "Date"), "20454", "20454"},
      {"timestamp", typed("int64", debezium + "Timestamp"), "1767225600123",
       "2026-01-01 00:00:00.123"},
      {"timestamp", typed("int64", connect + "Timestamp"), "-1", "1969-12-31 23:59:59.999"},
      {"timestamp", typed("int64", debezium + "MicroTimestamp"), "1767225600000001",
       "2026-01-01 00:00:00.000001"},
      {"timestamp", typed("int64", debezium + "NanoTimestamp"), "-1", "1969-12-31 23:59:59.999999"},
      {"bigint", typed("int64", debezium + "MicroTimestamp"), "1767225600000001",
       "1767225600000001"},
      {"timestamptz", typed("string", debezium + "ZonedTimestamp"),
       R"("2026-01-01T02:00:00+02:00")", "2026-01-01 00:00:00+00"},
      {"interval", typed("int64", debezium + "MicroTime"), "3723000001", "01:02:03.000001"},
      {"text", typed("int32", debezium + "Time"), "3723004", "01:02:03.004000"},
      {"interval", typed("int64", debezium + "MicroDuration"), "-90061000000", "-25:01:01"},
      {"interval", typed("string", debezium + "Interval"), R"("P1Y2M3DT4H5M6.5S")",
       "1 year 2 mons 3 days 04:05:06.5"},
      {"numeric(9,2)", decimal, R"("AfQ=")", "5.00"},
      {"numeric", decimal, R"("\/w==")", "-0.01"},
      {"text", decimal, R"("AfQ=")", "5.00"},
      {"double precision", decimal, R"("AfQ=")", "5"},
      {"numeric", decimal, "null", "NULL"},
      {"numeric", typed("struct", "io.debezium.data.VariableScaleDecimal"),
       R"({"scale":3,"value":"AfQ="})", "0.500"},
      {"numeric(9,2)", typed("string"), R"("1234")", "1234.00"},
      {"numeric(9,2)", typed("double"), "12.345", "12.35"},
      {"jsonb", typed("string", "io.debezium.data.Json"), R"("{\"a\":1}")", R"({"a": 1})"},
      {"boolean", typed("int16"), "1", "true"},
  };
  for (const BySchema& one : cases)
    EXPECT_EQ(read(one.column, with_schema(one.type, one.value)), one.expected)
        << one.column << " " << one.type << " " << one.value;
}

TEST(DebeziumValues_WithSchema, AreBadWhereTheyAreNone) {
  const std::string date = typed("int32", "io.debezium.time.Date");
  for (const char* value : {"200000000", "1.5", R"("2026-01-01")"})
    EXPECT_TRUE(read("date", with_schema(date, value)).starts_with("0 E3002 v")) << value;
  const std::string time = typed("int64", "io.debezium.time.MicroTimestamp");
  EXPECT_TRUE(read("timestamp", with_schema(time, "9223372036825200000")).starts_with("0 E3002 v"));
  const std::string decimal =
      typed("bytes", "org.apache.kafka.connect.data.Decimal", R"(,"parameters":{"scale":"2"})");
  EXPECT_TRUE(read("numeric", with_schema(decimal, R"("5.00")")).starts_with("0 E3002 v"));
}

TEST(DebeziumValues_WithoutSchema, AreDecidedByTheColumn) {
  EXPECT_EQ(read("date", envelope("20454")), "2026-01-01");
  EXPECT_EQ(read("timestamp", envelope("1767225600123"), "{}", TimeUnit::milliseconds),
            "2026-01-01 00:00:00.123");
  EXPECT_EQ(read("numeric(9,2)", envelope("5")), "5.00");
  EXPECT_EQ(read("numeric", envelope(R"({"scale":2,"value":"AfQ="})")), "5.00");
  EXPECT_EQ(read("numeric(9,2)", envelope(R"("1234")"), "{decimals: text}"), "1234.00");
  EXPECT_EQ(read("double precision", envelope(R"("NaN")")), "NaN");
  EXPECT_EQ(read("text", envelope(R"("AfQ=")")), "AfQ=");
}

TEST(DebeziumValues_WithoutSchema, AreRefusedWhereTheyCouldBeTwoThings) {
  for (const char* type : {"numeric(9,2)", "int", "bigint", "double precision"}) {
    const std::string refused = read(type, envelope(R"("1234")"));
    EXPECT_TRUE(refused.starts_with("0 E3002 v")) << refused;
    EXPECT_NE(refused.find("`decimals: text`"), std::string::npos) << refused;
  }
  EXPECT_NE(read("interval", envelope("5")).find("interval.handling.mode"), std::string::npos);
  EXPECT_NE(read("timestamp", envelope("5")).find("`unit`"), std::string::npos);
}

// A time without a zone is what the database's clocks showed.
TEST(DebeziumValues_NumbersOfTimes, AreReadInThePipelinesZone) {
  ScanBuilder builder;
  builder.column("v", "timestamptz").unit(TimeUnit::milliseconds);
  const Format& format = *formats().find_input("debezium_json");
  auto decoder = format.make_decoder(builder.build(), read_options(format, "{}"),
                                     *TimeZone::find("Asia/Shanghai"));
  ASSERT_TRUE(decoder);
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  ASSERT_TRUE((*decoder)->decode(records({envelope("1767225600000")}), clock, allowance, result));
  EXPECT_EQ(rendered(std::move(result)).rows.at(0), "2025-12-31 16:00:00+00");
}

TEST(DebeziumValues_Unavailable, AreNeverTakenForValues) {
  for (const char* value :
       {R"("__debezium_unavailable_value")", R"(["__debezium_unavailable_value"])",
        R"({"__debezium_unavailable_value":"__debezium_unavailable_value"})",
        R"("X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==")"}) {
    for (const char* type : {"text", "jsonb", "numeric"}) {
      const std::string refused = read(type, envelope(value));
      EXPECT_TRUE(refused.starts_with("0 E3002 v")) << type << " " << value << " " << refused;
      EXPECT_NE(refused.find("REPLICA IDENTITY FULL"), std::string::npos) << refused;
    }
  }
  EXPECT_EQ(read("text", envelope(R"("gone")"), "{unavailable_value: gone}").find("0 E3002 v"), 0u);
  EXPECT_EQ(read("text", envelope(R"("gone")")), "gone");
}

}  // namespace
}  // namespace sluice
