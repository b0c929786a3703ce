#include "connectors/battery/every_type.hpp"

#include "support/test_rows.hpp"

namespace sluice::test {

SchemaPtr every_type_schema() {
  return schema_of(
      "id bigint, b boolean, i integer, d double precision, n numeric, m numeric(38,10), v text, "
      "day date, ts timestamp, tz timestamptz, span interval, doc jsonb");
}

RecordBatch every_type_rows() {
  return read_rows(
      every_type_schema(),
      "1 | true | -2147483648 | 0.1 | 0 | 0.0000000001 | a | 1970-01-01 | 1970-01-01 00:00:00 | "
      "1970-01-01 00:00:00+00 | 0 | {}\n"
      "9223372036854775807 | false | 2147483647 | -1.7976931348623157e308 | "
      "99999999999999999999999999999999999999 | 9999999999999999999999999999.9999999999 | "
      "h\u00e9 \U0001F600 \"q\" \\ | 9999-12-31 | 9999-12-31 23:59:59.999999 | "
      "9999-12-31 23:59:59.999999+00 | 1 year 2 mons -3 days +04:05:06.7 | {\"a\": [1, null]}\n"
      "-9223372036854775808 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL "
      "| NULL\n"
      "2 | true | 0 | 1e-300 | -10000.00010 | -12345.6789000000 |  | 0001-01-01 | "
      "0001-01-01 00:00:00 | 0001-01-01 00:00:00+00 | -00:00:00.000001 | [\"x\", 1.50]");
}

std::vector<std::string> every_type_documents() {
  return {
      R"({"id":-9223372036854775808,"b":null,"i":null,"d":null,"n":null,"m":null,"v":null,)"
      R"("day":null,"ts":null,"tz":null,"span":null,"doc":null})",
      R"({"id":1,"b":true,"i":-2147483648,"d":0.1,"n":0,"m":0.0000000001,"v":"a",)"
      R"("day":"1970-01-01","ts":"1970-01-01T00:00:00","tz":"1970-01-01T00:00:00Z",)"
      R"("span":"00:00:00","doc":{}})",
      R"({"id":2,"b":true,"i":0,"d":1e-300,"n":-10000.00010,"m":-12345.6789000000,"v":"",)"
      R"("day":"0001-01-01","ts":"0001-01-01T00:00:00","tz":"0001-01-01T00:00:00Z",)"
      R"("span":"-00:00:00.000001","doc":["x", 1.50]})",
      R"({"id":9223372036854775807,"b":false,"i":2147483647,"d":-1.7976931348623157e+308,)"
      R"("n":99999999999999999999999999999999999999,)"
      R"("m":9999999999999999999999999999.9999999999,"v":"hé 😀 \"q\" \\","day":"9999-12-31",)"
      R"("ts":"9999-12-31T23:59:59.999999","tz":"9999-12-31T23:59:59.999999Z",)"
      R"("span":"1 year 2 mons -3 days +04:05:06.7","doc":{"a": [1, null]}})",
  };
}

}  // namespace sluice::test
