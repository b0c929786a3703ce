// Keys of Redis from rows: as the template says, and never one key for two rows.
#include "connectors/redis/redis_key.hpp"

#include <gtest/gtest.h>

#include <map>

#include "support/test_rows.hpp"

namespace sluice::test {
namespace {

using redis::RedisKey;

std::string key_of(const std::string& text, const std::string& schema, const RecordBatch& rows,
                   size_t row) {
  std::string key;
  const TextTemplate parsed = TextTemplate::parse(text).value();
  EXPECT_TRUE(RedisKey(parsed, *schema_of(schema)).append(rows, row, key));
  return key;
}

struct KeyCase {
  std::string text;
  std::string schema;
  std::string row;
  std::string key;
};

class RedisKeys : public testing::TestWithParam<KeyCase> {};

TEST_P(RedisKeys, AreMadeByTheTemplate) {
  const KeyCase& example = GetParam();
  const RecordBatch rows = read_rows(schema_of(example.schema), example.row);
  EXPECT_EQ(key_of(example.text, example.schema, rows, 0), example.key);
}

INSTANTIATE_TEST_SUITE_P(
    Table, RedisKeys,
    testing::Values(
        // Without the template's characters a text is as it is.
        KeyCase{"x:{a}:{b}", "a text, b text", "Oslo|Main St.", "x:Oslo:Main St."},
        KeyCase{"x:{a}:{b}", "a text, b text", "a:b|c", R"(x:a\:b:c)"},
        KeyCase{"x:{a}:{b}", "a text, b text", R"(a\|c)", R"(x:a\\:c)"},
        // Nothing follows the last column, whose text ends with the key.
        KeyCase{"x:{a}:{b}", "a text, b text", R"(a|b:c\)", R"(x:a:b:c\)"},
        KeyCase{"x:{a}", "a text", "a:b", "x:a:b"},
        KeyCase{"x:{a}:end", "a text", "a:end", "x:a:end:end"},
        // Of the text behind a column its first character counts.
        KeyCase{"x:{a}, {b}", "a text, b text", "a, b :|c", R"(x:a\, b :, c)"},
        KeyCase{"x:{a}·{b}", "a text, b text", "a·b|c", R"(x:a\·b·c)"},
        // Times and numbers stand as they are where no text of theirs could go on.
        KeyCase{"x:{at}:{b}", "at timestamptz, b text", "2026-01-01 08:00:00+08|c",
                "x:2026-01-01 00:00:00+00:c"},
        KeyCase{"x:{n}-{b}", "n numeric, b text", "-1.50|c", "x:-1.5-c"},
        KeyCase{"x:{d}e{b}", "d double precision, b text", "1e30|c", R"(x:1\e+30ec)"},
        KeyCase{"x:{n}.{m}", "n numeric, m int", "1.50|1", R"(x:1\.5.1)"},
        KeyCase{"x:{doc}:{b}", "doc jsonb, b text", R"({"a": 1.0}|c)", R"(x:{"a"\: 1}:c)"}));

// Every row of three short texts.
TEST(RedisKeyOfTexts, DiffersWhereTheRowsDiffer) {
  std::vector<std::string> texts = {""};
  for (size_t i = 0; texts[i].size() < 3; ++i) {
    for (const char c : {':', '\\', 'a'}) texts.push_back(texts[i] + c);
  }
  ColumnBuilder left(Type{TypeKind::text});
  ColumnBuilder right(Type{TypeKind::text});
  for (const std::string& a : texts) {
    for (const std::string& b : texts) {
      left.append_copy(a);
      right.append_copy(b);
    }
  }
  const std::string schema = "a text, b text";
  const size_t count = left.size();
  const RecordBatch rows(schema_of(schema), {left.finish(), right.finish()}, count);
  for (const std::string text : {"x:{a}:{b}", "x:{a}:a{b}:", "x:{a}a{b}", "x{b}::{a}"}) {
    std::map<std::string, size_t> first;
    for (size_t row = 0; row < count; ++row) {
      const auto [same, is_new] = first.emplace(key_of(text, schema, rows, row), row);
      EXPECT_TRUE(is_new) << text << " makes " << same->first << " of rows " << same->second
                          << " and " << row;
    }
  }
}

// Numbers before a text that could go on as one of them.
TEST(RedisKeyOfNumbers, DiffersWhereTheRowsDiffer) {
  for (const std::string separator : {":", "-", ".", "0", "1", "e", "e+", " "}) {
    const std::string schema = "n double precision, b text";
    const RecordBatch rows =
        read_rows(schema_of(schema),
                  "1|30e1\n1e30|1\n1e301|\n1|+301\n1|05\n10|5\n1|5.1\n1.5|1\n-1|1\n1|-1\n"
                  "1|+30e1\n10|+30\n1|0\n10|0\n100|\n1|00");
    const std::string text = "x:{n}" + separator + "{b}";
    std::map<std::string, size_t> first;
    for (size_t row = 0; row < rows.rows(); ++row) {
      const auto [same, is_new] = first.emplace(key_of(text, schema, rows, row), row);
      EXPECT_TRUE(is_new) << text << " makes " << same->first << " of rows " << same->second
                          << " and " << row;
    }
  }
}

}  // namespace
}  // namespace sluice::test
