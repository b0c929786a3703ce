// One value, one column: what of JSON goes into which type.
#include <gtest/gtest.h>

#include <ostream>

#include "unit/formats/decode_support.hpp"

namespace sluice {
namespace {

struct ValueCase {
  const char* type;
  TimeUnit unit;
  const char* json;
  const char* expected;  // the value as PostgreSQL prints it, NULL, or the code of the error
};

void PrintTo(const ValueCase& value, std::ostream* out) {
  *out << value.type << " from " << value.json;
}

class JsonValue : public testing::TestWithParam<ValueCase> {};

TEST_P(JsonValue, IsReadOrRefused) {
  const ValueCase& value = GetParam();
  const ScanSpec scan = ScanBuilder().column("v", value.type).unit(value.unit).build();
  const Decoded decoded = decode(scan, {R"({"v":)" + std::string(value.json) + "}"});
  if (value.expected[0] == 'E') {
    ASSERT_EQ(decoded.failures, std::vector<std::string>{"0 " + std::string(value.expected)});
  } else {
    ASSERT_EQ(decoded.failures, std::vector<std::string>{}) << decoded.messages.front();
    ASSERT_EQ(decoded.rows, std::vector<std::string>{value.expected});
  }
}

TEST(JsonValue_, RefusedNamesItsColumnAndType) {
  const ScanSpec scan = ScanBuilder()
                            .column("n", "int")
                            .column("big", "bigint")
                            .column("at", "timestamptz")
                            .unit(TimeUnit::seconds)
                            .column("city", "text", "address.city")
                            .build();
  const std::pair<const char*, const char*> cases[] = {
      {R"({"n":"abc"})", R"(column "n": invalid input syntax for type integer: "abc")"},
      {R"({"n":true})", R"(column "n": integer cannot be read from a boolean)"},
      {R"({"n":1e400})", R"(column "n": value "1e400" is out of range for type integer)"},
      {R"({"big":1e400})", R"(column "big": value "1e400" is out of range for type bigint)"},
      {R"({"at":1e400})", R"(column "at": value "1e400" is out of range for type timestamp)"},
      {R"({"address":7})", R"(column "city": "address" is not an object)"},
  };
  for (const auto& [document, message] : cases) {
    EXPECT_EQ(decode(scan, {document}).messages, std::vector<std::string>{message});
  }
}

constexpr TimeUnit none = TimeUnit::none;

INSTANTIATE_TEST_SUITE_P(
    Text, JsonValue,
    testing::Values(
        ValueCase{"text", none, R"("abc")", "abc"}, ValueCase{"text", none, R"("")", ""},
        ValueCase{"text", none, R"( "padded"  )", "padded"},
        ValueCase{"text", none, R"("a\"b\\c\/\n\u00e9\ud83d\ude00")", "a\"b\\c/\né😀"},
        ValueCase{"text", none, R"("北京")", "北京"}, ValueCase{"text", none, "12.300", "12.300"},
        ValueCase{"text", none, "1E5 ", "1E5"},
        ValueCase{"text", none, "12345678901234567890123456789012345678901234567890",
                  "12345678901234567890123456789012345678901234567890"},
        ValueCase{"text", none, "true", "true"}, ValueCase{"text", none, "null", "NULL"},
        ValueCase{"text", none, R"("a\u0000b")", "E3002 v"},
        ValueCase{"text", none, R"("\ud800")", "E3002 v"},
        ValueCase{"text", none, R"("\udc00")", "E3002 v"},
        ValueCase{"text", none, R"("\x41")", "E3002 v"},
        ValueCase{"text", none, R"("\u12g4")", "E3002 v"},
        ValueCase{"text", none, R"({"a":1})", "E3002 v"}, ValueCase{"text", none, "[1]", "E3002 v"},
        ValueCase{"text", none, "abc", "E3002 v"}, ValueCase{"text", none, "nul", "E3002 v"},
        ValueCase{"text", none, "tru", "E3002 v"}, ValueCase{"text", none, "+1", "E3002 v"},
        ValueCase{"text", none, "01", "E3002 v"}, ValueCase{"text", none, "1.", "E3002 v"},
        ValueCase{"text", none, ".5", "E3002 v"}, ValueCase{"text", none, "1e", "E3002 v"},
        ValueCase{"text", none, "-", "E3002 v"}, ValueCase{"text", none, "NaN", "E3002 v"}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, JsonValue,
    testing::Values(
        ValueCase{"int", none, "42", "42"}, ValueCase{"int", none, "-0", "0"},
        ValueCase{"int", none, R"("42")", "42"}, ValueCase{"int", none, "2147483647", "2147483647"},
        ValueCase{"int", none, "2147483648", "E3002 v"}, ValueCase{"int", none, "1.0", "1"},
        ValueCase{"int", none, "1e3", "1000"}, ValueCase{"int", none, "1.5", "E3002 v"},
        ValueCase{"int", none, R"("1.0")", "E3002 v"}, ValueCase{"int", none, R"("")", "E3002 v"},
        ValueCase{"int", none, "true", "E3002 v"}, ValueCase{"int", none, R"("0x1F")", "31"},
        ValueCase{"int", none, "0x1F", "E3002 v"}, ValueCase{"int", none, R"("2_0")", "20"},
        ValueCase{"int", none, "2_0", "E3002 v"},
        ValueCase{"numeric(6,2)", none, R"("1_000.5")", "1000.50"},
        ValueCase{"numeric", none, "1_000.5", "E3002 v"},
        ValueCase{"bigint", none, "9223372036854775807", "9223372036854775807"},
        ValueCase{"bigint", none, "-9223372036854775808", "-9223372036854775808"},
        ValueCase{"bigint", none, "9223372036854775808", "E3002 v"},
        ValueCase{"bigint", none, "1e400", "E3002 v"},
        ValueCase{"double precision", none, "0.1", "0.1"},
        ValueCase{"double precision", none, R"("NaN")", "NaN"},
        ValueCase{"double precision", none, "1e999", "E3002 v"},
        ValueCase{"numeric", none, "12.30", "12.30"},
        ValueCase{"numeric", none, R"("12.30")", "12.30"},
        ValueCase{"numeric(16,2)", none, "12.345", "12.35"},
        ValueCase{"numeric(4,2)", none, "123.4", "E3002 v"},
        ValueCase{"numeric", none, "1e50", "E3002 v"},
        ValueCase{"numeric", none, R"("twelve")", "E3002 v"},
        ValueCase{"boolean", none, "true", "true"}, ValueCase{"boolean", none, "0", "false"},
        ValueCase{"boolean", none, R"("yes")", "true"},
        ValueCase{"boolean", none, "2", "E3002 v"}));

INSTANTIATE_TEST_SUITE_P(
    Times, JsonValue,
    testing::Values(
        ValueCase{"timestamptz", TimeUnit::seconds, "1767225600", "2026-01-01 00:00:00+00"},
        ValueCase{"timestamptz", TimeUnit::milliseconds, "1767225600001",
                  "2026-01-01 00:00:00.001+00"},
        ValueCase{"timestamptz", TimeUnit::microseconds, "1767225600000001",
                  "2026-01-01 00:00:00.000001+00"},
        ValueCase{"timestamptz", TimeUnit::nanoseconds, "1767225600000001999",
                  "2026-01-01 00:00:00.000001+00"},
        ValueCase{"timestamptz", TimeUnit::seconds, "1767225600.25", "2026-01-01 00:00:00.25+00"},
        ValueCase{"timestamptz", TimeUnit::seconds, "1.7672256e9", "2026-01-01 00:00:00+00"},
        ValueCase{"timestamptz", TimeUnit::milliseconds, R"("1767225600001")",
                  "2026-01-01 00:00:00.001+00"},
        ValueCase{"timestamptz", TimeUnit::milliseconds, R"("2026-01-01T08:00:00+08:00")",
                  "2026-01-01 00:00:00+00"},
        ValueCase{"timestamptz", TimeUnit::seconds, "253402300799", "9999-12-31 23:59:59+00"},
        ValueCase{"timestamptz", none, R"("2026-01-01 00:00:00")", "2026-01-01 00:00:00+00"},
        ValueCase{"timestamptz", none, "1767225600", "E3002 v"},
        ValueCase{"timestamptz", TimeUnit::seconds, "9223372036855", "E3002 v"},
        ValueCase{"timestamptz", TimeUnit::seconds, "-300000000000", "E3002 v"},
        ValueCase{"timestamptz", none, R"("0000-00-00 00:00:00")", "E3002 v"},
        ValueCase{"timestamptz", none, R"("yesterdayish")", "E3002 v"},
        ValueCase{"timestamp", TimeUnit::milliseconds, "1500", "1970-01-01 00:00:01.5"},
        ValueCase{"date", none, R"("2026-02-28")", "2026-02-28"},
        ValueCase{"date", none, R"("2026-02-29")", "E3002 v"},
        ValueCase{"interval", none, R"("1 day 02:00:00")", "1 day 02:00:00"},
        ValueCase{"interval", none, R"("soon")", "E3002 v"}));

INSTANTIATE_TEST_SUITE_P(Jsonb, JsonValue,
                         testing::Values(ValueCase{"jsonb", none, R"({"b":1,"a":[true,null]})",
                                                   R"({"a": [true, null], "b": 1})"},
                                         ValueCase{"jsonb", none, R"("a\"b")", R"("a\"b")"},
                                         ValueCase{"jsonb", none, "1.50", "1.50"},
                                         ValueCase{"jsonb", none, "false", "false"},
                                         ValueCase{"jsonb", none, "null", "NULL"},
                                         ValueCase{"jsonb", none, R"(["\u0000"])", "E3002 v"},
                                         ValueCase{"jsonb", none, "[1,]", "E3002 v"}));

}  // namespace
}  // namespace sluice
