// Whole documents: broken ones, odd ones, keys and paths.
#include <gtest/gtest.h>

#include <ostream>

#include "unit/formats/decode_support.hpp"

namespace sluice {
namespace {

using Texts = std::vector<std::string>;

struct BrokenCase {
  const char* name;
  std::string document;
};

void PrintTo(const BrokenCase& broken, std::ostream* out) { *out << broken.document; }

class BrokenDocument : public testing::TestWithParam<BrokenCase> {};

// Whatever lies behind a document in memory, it fails alone and its neighbours are read.
TEST_P(BrokenDocument, FailsAloneWhateverFollows) {
  const ScanSpec scan = ScanBuilder().column("a", "int").build();
  for (const char* next : {R"({"a":2})", "}", "]}", R"(,"a":3})", R"(":1})", " "}) {
    const Decoded decoded = decode(scan, {R"({"a":1})", GetParam().document, next, R"({"a":4})"});
    ASSERT_GE(decoded.failures.size(), 1u) << "before " << next;
    EXPECT_EQ(decoded.failures.front(), "1 E3001") << "before " << next;
    EXPECT_EQ(decoded.rows.front(), "1");
    EXPECT_EQ(decoded.rows.back(), "4");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Json, BrokenDocument,
    testing::Values(
        BrokenCase{"Empty", ""}, BrokenCase{"Space", "  \n"}, BrokenCase{"Garbage", "not json"},
        BrokenCase{"Number", "12"}, BrokenCase{"Array", R"([{"a":1}])"}, BrokenCase{"Null", "null"},
        BrokenCase{"Unclosed", R"({"a":1)"}, BrokenCase{"UnclosedNested", R"({"a":1,"b":{"c":2})"},
        BrokenCase{"UnclosedArray", R"({"a":1,"b":[2,3})"},
        BrokenCase{"UnclosedString", R"({"a":1,"b":"x})"}, BrokenCase{"CutInKey", R"({"a":1,"b)"},
        BrokenCase{"OnlyOpen", "{"}, BrokenCase{"TrailingWord", R"({"a":1} x)"},
        BrokenCase{"TrailingBrace", R"({"a":1}})"}, BrokenCase{"TwoDocuments", R"({"a":1}{"a":2})"},
        BrokenCase{"MissingComma", R"({"a":1 "b":2})"}, BrokenCase{"MissingColon", R"({"a" 1})"},
        BrokenCase{"MissingValue", R"({"a":})"},
        BrokenCase{"MissingValueBefore", R"({"b":,"a":1})"},
        BrokenCase{"TrailingComma", R"({"a":1,})"}, BrokenCase{"KeyWithoutQuotes", R"({a:1})"},
        BrokenCase{"TwoValues", R"({"a":1 2})"},
        BrokenCase{"InvalidUtf8", "{\"a\":1,\"b\":\"\xff\xfe\"}"},
        BrokenCase{"CutUtf8", "{\"a\":1,\"b\":\"\xe5\x8c\"}"},
        BrokenCase{"Utf8Surrogate", "{\"a\":1,\"b\":\"\xed\xa0\x80\"}"},
        BrokenCase{"NulInString", std::string("{\"a\":1,\"b\":\"x\0y\"}", 17)},
        BrokenCase{"NulOutside", std::string("{\"a\":1}\0", 8)},
        BrokenCase{"NewlineInString", "{\"a\":1,\"b\":\"x\ny\"}"}),
    [](const auto& instance) { return instance.param.name; });

TEST(JsonDecoder_, SaysWhatIsBrokenInADocument) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "the record is empty"},
      {"  ", "the record is empty"},
      {"[1]", "the document is not a JSON object"},
      {R"({"a":1)", "broken JSON: an object is not closed"},
      {R"({"a":1} x)", "broken JSON: something follows the end of the object"},
      {R"({"a":1}]})", "broken JSON: something follows the end of the object"},
      {R"({"a":1} {"a":2})", "broken JSON: something follows the end of the object"},
      {R"({"b":"}",)", "broken JSON: an object is not closed"},
      {R"({"a":1,})", "broken JSON: brackets, commas or colons do not fit"},
  };
  for (const auto& [document, message] : cases) {
    const Decoded decoded = decode(ScanBuilder().column("a", "int").build(), {document});
    EXPECT_EQ(decoded.messages, Texts{message}) << document;
  }
}

TEST(JsonDecoder_NullValue, IsAFailure) {
  const auto decoder = make_decoder(ScanBuilder().column("a", "int").build());
  RawBatch raw = records({""});
  raw.records[0].value = {};
  raw.records[0].value_is_null = true;
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  ASSERT_TRUE(decoder->decode(raw, clock, allowance, result));
  EXPECT_EQ(rendered(std::move(result)).failures, Texts{"0 E3001"});
}

TEST(JsonDecoder_LargeRecord, IsReadUpToTheLimit) {
  const ScanSpec scan = ScanBuilder().column("a", "text").build();
  const std::string ten_megabytes = R"({"a":")" + std::string(10 << 20, 'x') + R"("})";
  const Texts documents = {R"({"a":"1"})", ten_megabytes, R"({"a":"2"})"};
  const Decoded refused = decode(scan, documents);
  EXPECT_EQ(refused.failures, Texts{"1 E3006"});
  EXPECT_EQ(refused.rows, (Texts{"1", "2"}));
  const Decoded taken = decode(scan, documents, {.options = "{max_bytes: 16MiB}"});
  EXPECT_EQ(taken.failures, Texts{});
  ASSERT_EQ(taken.rows.size(), 3u);
  EXPECT_EQ(taken.rows[1].size(), size_t{10 << 20});
}

TEST(JsonDecoder_DeepNesting, IsSkippedOrRead) {
  const ScanSpec scan = ScanBuilder().column("a", "int").build();
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  const Decoded decoded = decode(scan, {R"({"x":)" + deep + R"(,"a":1})"});
  EXPECT_EQ(decoded.rows, Texts{"1"});
}

struct KeyCase {
  const char* document;
  const char* expected;
};

// Rows are the same whatever order the decoder has learned from earlier documents.
TEST(JsonDecoder_Keys, AreFoundInAnyOrder) {
  const KeyCase cases[] = {
      {R"({"a":1,"b":2,"c":3})", "1|2|3"},
      {R"({"c":3,"b":2,"a":1})", "1|2|3"},
      {R"({"x":9,"a":1,"y":{"a":7},"b":2,"z":[{"c":8}],"c":3})", "1|2|3"},
      {R"({ "b" : 2 , "c" : 3 })", "NULL|2|3"},
      {R"({})", "NULL|NULL|NULL"},
      {R"({"\u0061":1,"\u0062":2,"c":3})", "1|2|3"},
      {R"({"a":1,"a":5,"b":2,"b":6,"c":3})", "1|2|3"},
      {R"({"a":null,"a":5,"b":2,"c":3})", "NULL|2|3"},
      {R"({"aa":1,"ab":2,"":4,"c":3})", "NULL|NULL|3"},
      {R"({"a\"":1,"b":2,"c":3})", "NULL|2|3"},
  };
  const ScanSpec scan =
      ScanBuilder().column("a", "int").column("b", "int").column("c", "int").build();
  for (const KeyCase& first : cases) {
    Texts documents = {first.document};
    Texts expected = {first.expected};
    for (const KeyCase& other : cases) {
      documents.push_back(other.document);
      expected.push_back(other.expected);
    }
    EXPECT_EQ(decode(scan, documents).rows, expected) << "after " << first.document;
  }
}

TEST(JsonDecoder_ManyKeys, StayBoundedAndFound) {
  const ScanSpec scan = ScanBuilder().column("wanted", "int").build();
  Texts documents;
  Texts expected;
  for (int i = 0; i < 1000; ++i) {
    const std::string number = std::to_string(i);
    documents.push_back(R"({"key)" + number + R"(":0,"wanted":)" + number + "}");
    expected.push_back(number);
  }
  EXPECT_EQ(decode(scan, documents).rows, expected);
}

TEST(JsonDecoder_Paths, ReachIntoObjects) {
  const ScanSpec scan = ScanBuilder()
                            .column("mid", "text", "common.mid")
                            .column("ch", "text", "common.ch")
                            .column("deep", "int", "a.b.c")
                            .column("common", "jsonb", "common")
                            .column("again", "text", "common.mid")
                            .build();
  const Decoded decoded = decode(scan, {R"({"common":{"mid":"m1","ch":"web"},"a":{"b":{"c":7}}})",
                                        R"({"a":{"b":{"x":{}}},"common":{ "ch":"app" }  })",
                                        R"({"common":null,"a":{"b":null}})", R"({"a":null})",
                                        R"({"common":{},"common":{"mid":"second"}})"});
  EXPECT_EQ(decoded.failures, Texts{});
  EXPECT_EQ(decoded.rows, (Texts{R"(m1|web|7|{"ch": "web", "mid": "m1"}|m1)",
                                 R"(NULL|app|NULL|{"ch": "app"}|NULL)", "NULL|NULL|NULL|NULL|NULL",
                                 "NULL|NULL|NULL|NULL|NULL", "NULL|NULL|NULL|{}|NULL"}));
}

TEST(JsonDecoder_ParentThatIsNoObject, IsABadRow) {
  const ScanSpec scan = ScanBuilder().column("mid", "text", "common.mid").build();
  const Decoded decoded =
      decode(scan, {R"({"common":"x"})", R"({"common":[1]})", R"({"common":{"mid":"m"}})"});
  EXPECT_EQ(decoded.failures, (Texts{"0 E3002 mid", "1 E3002 mid"}));
  EXPECT_EQ(decoded.rows, Texts{"m"});
}

// Only what a column needs is looked at.
TEST(JsonDecoder_BadFieldThatNobodyNeeds, DoesNotMatter) {
  const ScanSpec scan = ScanBuilder().column("a", "int").build();
  const Decoded decoded =
      decode(scan, {R"({"x":01,"y":tru,"z":"\q","a":1})", R"({"a":2,"x":[1,2,"b":]})"});
  EXPECT_EQ(decoded.rows, (Texts{"1", "2"}));
}

TEST(JsonDecoder_UndeclaredField, IsIgnoredDeadLetteredOrFatal) {
  ScanBuilder builder;
  builder.column("a", "int");
  builder.spec.known_fields = {"a", "b"};
  const Texts documents = {R"({"a":1,"b":2})", R"({"a":2,"new":{"x":1}})", R"({"a":3,"a":4})"};
  EXPECT_EQ(decode(builder.build(), documents).rows, (Texts{"1", "2", "3"}));

  builder.spec.on_unknown_field = UnknownField::dead_letter;
  const Decoded decoded = decode(builder.build(), documents);
  EXPECT_EQ(decoded.rows, (Texts{"1", "3"}));
  EXPECT_EQ(decoded.failures, Texts{"1 E3007"});
  EXPECT_NE(decoded.messages[0].find("\"new\""), std::string::npos) << decoded.messages[0];

  builder.spec.on_unknown_field = UnknownField::fail;
  const auto decoder = make_decoder(builder.build());
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  const Status status = decoder->decode(records(documents), clock, allowance, result);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::undeclared_field);
  EXPECT_EQ(result.refused_record, 1u);
}

}  // namespace
}  // namespace sluice
