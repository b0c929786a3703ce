// Rows as JSON documents.
#include <gtest/gtest.h>

#include <ostream>

#include "config/document.hpp"
#include "data/column_text.hpp"
#include "formats/format_registry.hpp"

namespace sluice {
namespace {

// One row of text forms; a null pointer is NULL.
RecordBatch row_of(const std::vector<Field>& fields, const std::vector<const char*>& values) {
  std::vector<ColumnPtr> columns;
  for (size_t i = 0; i < fields.size(); ++i) {
    ColumnBuilder builder(fields[i].type, 1);
    if (values[i] == nullptr) {
      builder.append_null();
    } else if (!append_parsed(fields[i].type, values[i], TimeZone(), builder)) {
      ADD_FAILURE() << values[i];
    }
    columns.push_back(builder.finish());
  }
  return RecordBatch(std::make_shared<const Schema>(fields), std::move(columns), 1);
}

std::string encoded(const RecordBatch& batch, const std::string& options = "{}") {
  FormatRegistry registry;
  register_builtin_formats(registry);
  const OutputFormat* format = registry.find_output("json");
  Diagnostics diagnostics;
  const SourceText text("options.yaml", options);
  const Options read = format->options().read(parse_yaml(text, diagnostics), "format", diagnostics);
  EXPECT_FALSE(diagnostics.has_errors());
  auto encoder = format->make_encoder(batch.schema(), read);
  std::string out;
  EXPECT_TRUE((*encoder)->encode(batch, 0, out));
  return out;
}

struct ValueCase {
  const char* type;
  const char* text;
  const char* json;
};

void PrintTo(const ValueCase& value, std::ostream* out) { *out << value.type << " " << value.text; }

class JsonEncoder : public testing::TestWithParam<ValueCase> {};

TEST_P(JsonEncoder, WritesTheValue) {
  const ValueCase& value = GetParam();
  const RecordBatch batch = row_of({{"v", *parse_type(value.type)}}, {value.text});
  EXPECT_EQ(encoded(batch), R"({"v":)" + std::string(value.json) + "}");
}

INSTANTIATE_TEST_SUITE_P(
    Values, JsonEncoder,
    testing::Values(ValueCase{"boolean", "true", "true"}, ValueCase{"int", "-7", "-7"},
                    ValueCase{"bigint", "9223372036854775807", "9223372036854775807"},
                    ValueCase{"double precision", "0.1", "0.1"},
                    ValueCase{"double precision", "1e300", "1e+300"},
                    ValueCase{"double precision", "NaN", R"("NaN")"},
                    ValueCase{"double precision", "-Infinity", R"("-Infinity")"},
                    ValueCase{"numeric", "12345678901234567890123456789012345.60",
                              "12345678901234567890123456789012345.60"},
                    ValueCase{"numeric", "NaN", R"("NaN")"},
                    ValueCase{"text", "a\"b\\c/\b\f\n\r\t\x01\x7f",
                              R"("a\"b\\c/\b\f\n\r\t\u0001)"
                              "\x7f\""},
                    ValueCase{"text", "北京 😀", R"("北京 😀")"}, ValueCase{"text", "", R"("")"},
                    ValueCase{"date", "2026-01-02", R"("2026-01-02")"},
                    ValueCase{"timestamp", "2026-01-02 03:04:05.600", R"("2026-01-02T03:04:05.6")"},
                    ValueCase{"timestamptz", "2026-01-02 03:04:05+08", R"("2026-01-01T19:04:05Z")"},
                    ValueCase{"timestamptz", "2026-01-02 03:04:05.000001+00",
                              R"("2026-01-02T03:04:05.000001Z")"},
                    ValueCase{"timestamptz", "0044-03-15 12:00:00+00 BC",
                              R"("0044-03-15T12:00:00Z BC")"},
                    ValueCase{"timestamptz", "infinity", R"("infinity")"},
                    ValueCase{"interval", "1 day 2 hours", R"("1 day 02:00:00")"},
                    ValueCase{"jsonb", R"({"a":[1,"x"]})", R"({"a": [1, "x"]})"}));

TEST(JsonEncoder_Row, HasItsColumnsInOrder) {
  const RecordBatch batch =
      row_of({{"b", {TypeKind::integer}}, {"a\"", {TypeKind::text}}, {"c", {TypeKind::integer}}},
             {"1", "x", "3"});
  EXPECT_EQ(encoded(batch), R"({"b":1,"a\"":"x","c":3})");
}

TEST(JsonEncoder_Null, IsWrittenOrLeftOut) {
  const std::vector<Field> fields = {
      {"a", {TypeKind::integer}}, {"b", {TypeKind::text}}, {"c", {TypeKind::jsonb}}};
  EXPECT_EQ(encoded(row_of(fields, {nullptr, "x", nullptr})), R"({"a":null,"b":"x","c":null})");
  EXPECT_EQ(encoded(row_of(fields, {nullptr, "x", nullptr}), "{omit_null: true}"), R"({"b":"x"})");
  EXPECT_EQ(encoded(row_of(fields, {nullptr, nullptr, nullptr}), "{omit_null: true}"), "{}");
}

TEST(JsonEncoder_NumericAsString, QuotesNumericOnly) {
  const RecordBatch batch =
      row_of({{"n", *parse_type("numeric(5,2)")}, {"b", {TypeKind::bigint}}}, {"1.5", "12"});
  EXPECT_EQ(encoded(batch, "{numeric: string}"), R"({"n":"1.50","b":12})");
}

}  // namespace
}  // namespace sluice
