#include "data/row_codec.hpp"

#include <gtest/gtest.h>

#include <random>

#include "data/column_text.hpp"
#include "data/value.hpp"

namespace sluice {
namespace {

Type type_of(const char* name) { return *parse_type(name); }

// A batch of one row; a nullptr text is NULL.
RecordBatch row_of(const std::vector<std::pair<const char*, const char*>>& values) {
  std::vector<Field> fields;
  std::vector<ColumnPtr> columns;
  for (const auto& [type, text] : values) {
    fields.push_back({"c" + std::to_string(fields.size()), type_of(type)});
    ColumnBuilder builder(type_of(type), 1);
    if (text == nullptr) {
      builder.append_null();
    } else {
      const Status parsed = append_parsed(type_of(type), text, TimeZone(), builder);
      EXPECT_TRUE(parsed.has_value()) << type << " " << text;
    }
    columns.push_back(builder.finish());
  }
  return RecordBatch(std::make_shared<Schema>(fields), std::move(columns), 1);
}

RowCodec codec_of(const RecordBatch& batch) {
  std::vector<Type> types;
  for (const Field& field : batch.schema()->fields()) types.push_back(field.type);
  return RowCodec(types);
}

std::vector<size_t> all_indexes(const RecordBatch& batch) {
  std::vector<size_t> indexes;
  for (size_t i = 0; i < batch.columns().size(); ++i) indexes.push_back(i);
  return indexes;
}

std::string encoded(const RecordBatch& batch) {
  std::string bytes;
  codec_of(batch).encode(batch, all_indexes(batch), 0, bytes);
  return bytes;
}

std::string key_of(const char* type, const char* text) {
  const RecordBatch batch = row_of({{type, text}});
  std::string bytes;
  codec_of(batch).encode_key(batch, {0}, 0, bytes);
  return bytes;
}

std::vector<ColumnBuilder> builders_of(const RecordBatch& batch) {
  std::vector<ColumnBuilder> builders;
  for (const Field& field : batch.schema()->fields()) builders.emplace_back(field.type);
  return builders;
}

const std::vector<std::pair<const char*, const char*>> every_type = {
    {"boolean", "true"},
    {"integer", "-7"},
    {"bigint", "9223372036854775807"},
    {"double precision", "-1.5e300"},
    {"numeric", "1.500"},
    {"numeric", "-12345678901234567890123456789.012345678"},
    {"numeric", "NaN"},
    {"numeric", "-Infinity"},
    {"text", "h\xC3\xA9llo"},
    {"text", ""},
    {"date", "2024-02-29"},
    {"timestamp", "infinity"},
    {"timestamptz", "2024-02-29 01:02:03.456789+08"},
    {"interval", "-1 mon +2 days -03:04:05.6"},
    {"jsonb", R"({"b": 1.50, "a": [null]})"},
    {"text", nullptr},
    {"integer", nullptr},
};

TEST(RowCodec, EveryTypeIsReadBackAsItWas) {
  const RecordBatch batch = row_of(every_type);
  auto builders = builders_of(batch);
  ASSERT_TRUE(codec_of(batch).decode(encoded(batch), builders).has_value());
  for (size_t i = 0; i < builders.size(); ++i) {
    const ColumnPtr column = builders[i].finish();
    ASSERT_EQ(column->size(), 1u);
    EXPECT_TRUE(Value::from_column(*column, 0) == Value::from_column(batch.column(i), 0)) << i;
  }
}

TEST(RowCodec, ChosenColumnsAreEncodedInTheOrderAsked) {
  const RecordBatch batch = row_of({{"integer", "1"}, {"text", "x"}, {"integer", "2"}});
  const RowCodec codec({type_of("integer"), type_of("integer")});
  std::string bytes;
  codec.encode(batch, {2, 0}, 0, bytes);
  std::vector<ColumnBuilder> builders;
  builders.emplace_back(type_of("integer"));
  builders.emplace_back(type_of("integer"));
  ASSERT_TRUE(codec.decode(bytes, builders).has_value());
  EXPECT_EQ(builders[0].finish()->values<int32_t>()[0], 2);
  EXPECT_EQ(builders[1].finish()->values<int32_t>()[0], 1);
}

TEST(RowCodec, EveryTruncationAndEveryTrailingByteIsCorrupt) {
  const RecordBatch batch = row_of(every_type);
  const std::string whole = encoded(batch);
  for (size_t size = 0; size <= whole.size(); ++size) {
    const std::string bytes = size == whole.size() ? whole + "x" : whole.substr(0, size);
    auto builders = builders_of(batch);
    const Status decoded = codec_of(batch).decode(bytes, builders);
    ASSERT_FALSE(decoded.has_value()) << size;
    ASSERT_EQ(decoded.error().code, ErrorCode::state_corrupt);
  }
}

TEST(RowCodec, RandomBytesAreNeverMoreThanAnError) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const RecordBatch batch = row_of(every_type);
  const std::string whole = encoded(batch);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = whole;
    for (int change = 0; change < 3; ++change) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    auto builders = builders_of(batch);
    const Status decoded = codec_of(batch).decode(bytes, builders);
    if (decoded) continue;
    ASSERT_EQ(decoded.error().code, ErrorCode::state_corrupt);
  }
}

struct KeyCase {
  const char* type;
  const char* left;
  const char* right;
  bool equal;
};

class RowKey : public testing::TestWithParam<KeyCase> {};

TEST_P(RowKey, IsEqualExactlyWhenTheValuesAreEqualInSql) {
  const KeyCase& c = GetParam();
  EXPECT_EQ(key_of(c.type, c.left) == key_of(c.type, c.right), c.equal)
      << c.type << ": " << (c.left ? c.left : "NULL") << " and " << (c.right ? c.right : "NULL");
}

constexpr KeyCase keys[] = {
    {"numeric", "1.0", "1.00", true},
    {"numeric", "0", "-0.000", true},
    {"numeric", "1.0", "1.01", false},
    {"numeric", "10", "1", false},
    {"numeric", "12345678901234567890.50", "12345678901234567890.5", true},
    {"numeric", "9223372036854775807.0000000000", "9223372036854775807", true},
    {"numeric", "NaN", "NaN", true},
    {"numeric", "NaN", "Infinity", false},
    {"double precision", "0", "-0", true},
    {"double precision", "NaN", "NaN", true},
    {"double precision", "1", "1.0000000000000002", false},
    {"interval", "1 month", "30 days", true},
    {"interval", "1 day", "24:00:00", true},
    {"interval", "1 month -30 days", "0", true},
    {"interval", "1 year", "365 days", false},
    {"interval", "178000000 years", "-178000000 years", false},
    {"jsonb", R"({"a": 1.0})", R"({"a": 1.00})", true},
    {"jsonb", R"({"a":[10, -0.50]})", R"({"a": [10.0,-0.5]})", true},
    {"jsonb", R"({"a": 10})", R"({"a": 1})", false},
    {"jsonb", R"(["1.0"])", R"(["1.00"])", false},
    {"jsonb", R"(["\"1.0"])", R"(["\"1.00"])", false},
    {"jsonb", R"(["\\", 1.0])", R"(["\\", 1])", true},
    {"jsonb", R"({"1.0": 1})", R"({"1.00": 1})", false},
    {"text", "a", "a ", false},
    {"text", "", nullptr, false},
    {"text", nullptr, nullptr, true},
    {"bigint", "0", nullptr, false},
    {"date", "infinity", "infinity", true},
};

INSTANTIATE_TEST_SUITE_P(Table, RowKey, testing::ValuesIn(keys));

TEST(RowKey, NeighbouringTextsDoNotRunTogether) {
  const RecordBatch left = row_of({{"text", "ab"}, {"text", "c"}});
  const RecordBatch right = row_of({{"text", "a"}, {"text", "bc"}});
  EXPECT_NE(encoded(left), encoded(right));
}

}  // namespace
}  // namespace sluice
