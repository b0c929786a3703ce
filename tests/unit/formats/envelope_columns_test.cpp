// Columns that are read from the envelope around the rows.
#include <gtest/gtest.h>

#include "formats/envelope.hpp"
#include "unit/formats/decode_support.hpp"

namespace sluice {
namespace {

using Texts = std::vector<std::string>;

// A row's id, and what stands around it.
ScanBuilder scan() {
  ScanBuilder builder;
  builder.column("id", "int").column("ts", "timestamptz", "ts").unit(TimeUnit::milliseconds);
  builder.column("tag", "text", "source.tag").column("source", "jsonb", "source");
  for (size_t i = 1; i < builder.spec.columns.size(); ++i) {
    std::vector<std::string>& path = builder.spec.columns[i].path;
    path.insert(path.begin(), std::string(envelope_root));
  }
  builder.spec.key_fields = {"id"};
  return builder;
}

TEST(EnvelopeColumns, AreThoseOfEachRowOfARecord) {
  const Decoded decoded =
      decode(scan().build(),
             {R"({"data":[{"id":"1","ts":"x"},{"id":"2"}],"type":"INSERT","ts":1767225600123,)"
              R"("source":{"tag":"a\tb"}})",
              R"({"ts":"1767225600124","data":[{"id":"1"}],"old":[{"id":"3"}],"type":"UPDATE"})",
              R"({"type":"DELETE","data":[{"id":"1"}]})"},
             {.format = "canal_json"});
  EXPECT_EQ(changes(decoded),
            (Texts{"+I 1|2026-01-01 00:00:00.123+00|a\tb|{\"tag\": \"a\\tb\"}",
                   "+I 2|2026-01-01 00:00:00.123+00|a\tb|{\"tag\": \"a\\tb\"}",
                   "-D 3|2026-01-01 00:00:00.124+00|NULL|NULL",
                   "+U 1|2026-01-01 00:00:00.124+00|NULL|NULL", "-D 1|NULL|NULL|NULL"}));
  EXPECT_EQ(decoded.failures, Texts{});
}

// Its own forms are those of rows: a time around them is an instant.
TEST(EnvelopeColumns, AreReadAsJsonInTheWrapperToo) {
  ScanBuilder builder = scan();
  builder.column("table", "text", "source.table").column("op", "text", "op");
  for (size_t i : {size_t{4}, size_t{5}}) {
    std::vector<std::string>& path = builder.spec.columns[i].path;
    path.insert(path.begin(), std::string(envelope_root));
  }
  const Format& format = *formats().find_input("debezium_json");
  for (const char* options : {"{}", "{table: t}"}) {
    auto decoder = format.make_decoder(builder.build(), read_options(format, options),
                                       *TimeZone::find("Asia/Shanghai"));
    ASSERT_TRUE(decoder);
    PartitionClock clock{PartitionClock::Settings{}};
    Allowance allowance;
    DecodeResult result;
    ASSERT_TRUE((*decoder)->decode(
        records({R"({"schema":null,"payload":{"before":null,"after":{"id":1},"op":"c",)"
                 R"("source":{"table":"t","tag":5},"ts":1767225600000}})"}),
        clock, allowance, result));
    EXPECT_EQ(rendered(std::move(result)).rows,
              Texts{R"(1|2026-01-01 00:00:00+00|5|{"tag": 5, "table": "t"}|t|c)"});
  }
}

TEST(EnvelopeColumns, MakeBareDeletionsWholeAndMayBeTheEventTime) {
  ScanBuilder builder = scan();
  builder.event_time("ts");
  builder.spec.columns[2].required = true;
  const std::string around = R"(,"source":{"tag":"7"},"ts":1767225600000})";
  const Decoded decoded =
      decode(builder.build(),
             {R"({"op":"d","before":{"id":1},"after":null)" + around,
              R"({"op":"d","before":{"id":1},"after":null,"source":{},"ts":1767225600000})"},
             {.format = "debezium_json"});
  EXPECT_EQ(changes(decoded), Texts{R"(-D 1|2026-01-01 00:00:00+00|7|{"tag": "7"})"});
  EXPECT_EQ(decoded.failures, Texts{"1 E3003 tag"});
}

TEST(EnvelopeColumns, AreNotThoseOfTheRecordBefore) {
  const auto decoder = make_decoder(scan().build(), {.format = "debezium_json"});
  RawBatch raw = records({R"({"op":"c","before":null,"after":{"id":1},"ts":1767225600000})",
                          R"({"op":"c","before":null,"after":{"id":2}})", "", R"({"id":3})"});
  raw.records[2].value_is_null = true;
  raw.records[2].key = raw.records[3].value;
  raw.records[2].key_is_null = false;
  raw.records.pop_back();
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  ASSERT_TRUE(decoder->decode(raw, clock, allowance, result));
  EXPECT_EQ(changes(rendered(std::move(result))),
            (Texts{"+I 1|2026-01-01 00:00:00+00|NULL|NULL", "+I 2|NULL|NULL|NULL",
                   "-D 3|NULL|NULL|NULL"}));
}

// What no step needs makes no row bad, and what can only be shown is shown.
TEST(EnvelopeColumns, ThatAreBadAreOfEachRowAlone) {
  ScanBuilder builder = scan();
  builder.spec.columns[1].is_carried = true;
  builder.whole_rows();
  const Decoded decoded =
      decode(builder.build(),
             {R"({"type":"INSERT","data":[{"id":"1"},{"id":"x"}],"ts":"noon","source":{"tag":1}})"},
             {.format = "canal_json"});
  EXPECT_EQ(decoded.carried, Texts{R"({"id":1,"ts":"noon","tag":"1","source":{"tag": 1}})"});
  EXPECT_EQ(decoded.failures, Texts{"0 E3002 id"});
  EXPECT_EQ(decode(scan().build(), {R"({"type":"INSERT","data":[{"id":"1"}],"ts":"noon"})"},
                   {.format = "canal_json"})
                .failures,
            Texts{"0 E3002 ts"});
  EXPECT_EQ(
      decode(scan().build(), {R"({"type":"INSERT","data":[{"id":"1"}],"source":{"tag":"\u0000"}})"},
             {.format = "canal_json"})
          .failures,
      Texts{"0 E3001"});
}

// What is read from there is no column of an envelope: the pipeline file is told so.
TEST(EnvelopeColumns, CannotBeWhereAFormatHoldsItsRows) {
  using Paths = std::vector<Texts>;
  const auto row_paths = [](std::string_view format) {
    return formats().find_input(format)->row_paths();
  };
  EXPECT_EQ(row_paths("canal_json"), (Paths{{"data"}, {"old"}}));
  EXPECT_EQ(row_paths("maxwell_json"), (Paths{{"data"}, {"old"}}));
  EXPECT_EQ(row_paths("debezium_json"),
            (Paths{{"before"}, {"payload", "before"}, {"after"}, {"payload", "after"}}));
  EXPECT_EQ(row_paths("json"), Paths{});
}

}  // namespace
}  // namespace sluice
