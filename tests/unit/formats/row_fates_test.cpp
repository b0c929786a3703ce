// What becomes of a row: kept, filtered or failed; event times and the clock; metadata.
#include <gtest/gtest.h>

#include "formats/scan_plan.hpp"
#include "unit/formats/decode_support.hpp"

namespace sluice {
namespace {

using Texts = std::vector<std::string>;

constexpr int64_t second_us = 1'000'000;

// {"t":<seconds after the record>,<rest>}
std::string at(int64_t seconds, const std::string& rest = {}) {
  return R"({"t":)" + std::to_string(record_time_us / second_us + seconds) +
         (rest.empty() ? "" : "," + rest) + "}";
}

ScanBuilder timed() {
  ScanBuilder builder;
  builder.column("t", "timestamptz").unit(TimeUnit::seconds).event_time("t");
  return builder;
}

TEST(RequiredColumn_MissingOrNull, IsABadRow) {
  const ScanSpec scan =
      ScanBuilder().column("a", "int").required().column("b", "int", "o.b").required().build();
  const Decoded decoded = decode(scan, {R"({"a":1,"o":{"b":2}})", R"({"o":{"b":2}})",
                                        R"({"a":null,"o":{"b":2}})", R"({"a":1,"o":null})"});
  EXPECT_EQ(decoded.rows, Texts{"1|2"});
  EXPECT_EQ(decoded.failures, (Texts{"1 E3003 a", "2 E3003 a", "3 E3003 b"}));
}

TEST(EventTime_MissingBadOrAhead, IsABadRow) {
  DecodeSettings settings;
  settings.clock.max_ahead_us = 60 * second_us;
  const Decoded decoded = decode(timed().column("a", "int").build(),
                                 {at(0, R"("a":1)"), R"({"a":2})", R"({"t":null})", R"({"t":"x"})",
                                  at(60), at(61), R"({"t":"infinity"})", R"({"t":253402300799})"},
                                 settings);
  EXPECT_EQ(decoded.rows, (Texts{"2026-01-01 00:00:00+00|1", "2026-01-01 00:01:00+00|NULL"}));
  EXPECT_EQ(decoded.failures,
            (Texts{"1 E3004 t", "2 E3004 t", "3 E3002 t", "5 E3005 t", "6 E3002 t", "7 E3005 t"}));
}

// In whichever pass it is found to be bad.
TEST(EventTime_OfABadRow, IsToldWhereItWasRead) {
  using Time = std::optional<int64_t>;
  for (const bool is_early : {true, false}) {
    ScanBuilder builder = timed();
    builder.column("n", "int").column("a", "int");
    if (!is_early) builder.predicate(builder.compare("n", ">", "0"));
    DecodeSettings settings;
    settings.clock.max_ahead_us = 60 * second_us;
    const std::string seconds = std::to_string(record_time_us / second_us + 3);
    const Decoded decoded =
        decode(builder.build(),
               {at(7, R"("n":1,"a":"x")"), R"({"n":1,"a":"x","t":)" + seconds + "}",
                at(61, R"("n":1)"), R"({"n":1,"t":"infinity"})", R"({"n":1})", "broken"},
               settings);
    ASSERT_EQ(decoded.failures,
              (Texts{"0 E3002 a", "1 E3002 a", "2 E3005 t", "3 E3002 t", "4 E3004 t", "5 E3001"}));
    std::vector<Time> times;
    for (const DecodeFailure& failure : decoded.result.failures) {
      times.push_back(failure.event_time_us);
    }
    const auto after = [](int64_t time_s) { return record_time_us + time_s * second_us; };
    EXPECT_EQ(times, (std::vector<Time>{after(7), after(3), after(61), {}, {}, {}})) << is_early;
    EXPECT_EQ(decoded.result.failures[0].seen, not_behind);
    EXPECT_EQ(decoded.result.failures[1].seen, after(7));
  }
}

TEST(EventTime_OfABadRecord, IsItsTimestampWhereThatCounts) {
  const Decoded decoded =
      decode(ScanBuilder().column("a", "int").build(), {R"({"a":"x"})", "broken"});
  ASSERT_EQ(decoded.failures, (Texts{"0 E3002 a", "1 E3001"}));
  for (const DecodeFailure& failure : decoded.result.failures) {
    EXPECT_EQ(failure.event_time_us, record_time_us);
  }
}

// Rows see the watermark as it was before them; bad and filtered rows move it too, rows whose own
// event time is bad do not.
TEST(Clock, SeesEveryReadableEventTimeInOrder) {
  ScanBuilder builder = timed();
  builder.column("kind", "text").column("n", "int");
  builder.predicate(builder.compare("kind", "=", "view"));
  DecodeSettings settings;
  settings.clock = {.out_of_order_us = 5 * second_us, .max_ahead_us = 1000 * second_us};
  const auto decoder = make_decoder(builder.build(), settings);
  PartitionClock clock(settings.clock);
  Allowance allowance;
  DecodeResult result;
  ASSERT_TRUE(decoder->decode(
      records({at(0, R"("kind":"view")"), at(10, R"("kind":"click")"), at(4, R"("kind":"view")"),
               at(20, R"("kind":"view","n":"bad")"), at(10, R"("kind":"view")"), at(2000),
               R"({"t":1,"kind":"view")", at(16, R"("kind":"view")")}),
      clock, allowance, result));
  EXPECT_EQ(clock.watermark_us(), record_time_us + 15 * second_us);
  const RowMeta& meta = result.rows.meta();
  EXPECT_EQ(meta.seen, (std::vector<int64_t>{not_behind, record_time_us + 5 * second_us,
                                             record_time_us + 15 * second_us, not_behind}));
  EXPECT_EQ(meta.row_time[1], record_time_us + 4 * second_us);
  EXPECT_EQ(meta.offset, (std::vector<int64_t>{100, 102, 104, 107}));
  EXPECT_EQ(meta.kind, std::vector<RowKind>{});
  const Decoded decoded = rendered(std::move(result));
  EXPECT_EQ(decoded.failures, (Texts{"3 E3002 n", "5 E3005 t", "6 E3001"}));
  EXPECT_EQ(decoded.result.rows_filtered, 1u);
}

TEST(Clock_RecordTimestamps, AreShownForEveryRecord) {
  const auto decoder = make_decoder(ScanBuilder().column("a", "int").build());
  RawBatch raw = records({R"({"a":1})", "broken", R"({"a":2})"});
  raw.records[1].timestamp_us += 9;
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  ASSERT_TRUE(decoder->decode(raw, clock, allowance, result));
  EXPECT_EQ(clock.watermark_us(), record_time_us + 9);
  EXPECT_EQ(result.rows.meta().seen, (std::vector<int64_t>{not_behind, record_time_us + 9}));
  EXPECT_EQ(result.rows.meta().row_time, (std::vector<int64_t>{record_time_us, record_time_us}));
}

TEST(EarlyFilter, DropsWhatFailsIt) {
  ScanBuilder builder;
  builder.column("k", "text").column("n", "int");
  const Texts documents = {
      R"({"k":"a","n":1})",      R"({"n":2,"k":"b"})", R"({"k":"c"})", R"({"k":null})", R"({})",
      R"({"k":"\u0061","n":6})", R"({"k":5,"n":7})"};
  const auto rows = [&](ExpressionPtr predicate) {
    return decode(builder.predicate(std::move(predicate)).build(), documents).rows;
  };
  EXPECT_EQ(rows(builder.compare("k", "=", "a")), (Texts{"a|1", "a|6"}));
  EXPECT_EQ(rows(builder.compare("k", "<>", "a")), (Texts{"b|2", "c|NULL", "5|7"}));
  EXPECT_EQ(rows(any_of({builder.compare("k", "=", "a"), builder.compare("k", "=", "5")})),
            (Texts{"a|1", "a|6", "5|7"}));
  EXPECT_EQ(rows(all_of({builder.compare("k", "<>", "a"), builder.compare("k", "<>", "b")})),
            (Texts{"c|NULL", "5|7"}));
  EXPECT_EQ(rows(all_of({builder.compare("k", "<>", "a"), builder.compare("n", ">", "2")})),
            Texts{"5|7"});
  EXPECT_EQ(rows(any_of({builder.compare("k", "=", "a"), builder.compare("n", "=", "7")})),
            (Texts{"a|1", "a|6", "5|7"}));
}

// A row that the filter drops is bad only for its event time or for a column of the filter.
TEST(FilteredRow_WithBadColumn, FailsOnlyIfTheFilterNeedsTheColumn) {
  for (const bool is_early : {true, false}) {
    ScanBuilder builder = timed();
    builder.column("k", "text").column("n", "int").column("m", "int");
    ExpressionPtr predicate =
        is_early ? builder.compare("k", "=", "view") : builder.compare("n", ">", "5");
    const std::string dropped = is_early ? R"("k":"click")" : R"("n":1)";
    const std::string kept = is_early ? R"("k":"view")" : R"("n":9)";
    const std::string bad = is_early ? R"("k":{})" : R"("n":"x")";
    const Decoded decoded = decode(
        builder.predicate(std::move(predicate)).build(),
        {at(0, dropped + R"(,"m":"bad")"), at(0, R"("m":"bad",)" + dropped),
         at(0, kept + R"(,"m":"bad")"), at(0, R"("m":"bad",)" + kept), at(0, bad),
         at(0, R"("m":"bad",)" + bad), R"({"t":"bad",)" + dropped + "}", "{" + dropped + "}"});
    EXPECT_EQ(decoded.failures, (is_early ? Texts{"2 E3002 m", "3 E3002 m", "4 E3002 k",
                                                  "5 E3002 k", "6 E3002 t", "7 E3004 t"}
                                          : Texts{"2 E3002 m", "3 E3002 m", "4 E3002 n",
                                                  "5 E3002 n", "6 E3002 t", "7 E3004 t"}));
    EXPECT_EQ(decoded.result.rows_filtered, 2u);
    EXPECT_EQ(decoded.rows, Texts{});
  }
}

TEST(BatchPredicate_ThatFails, IsAFailureNotADrop) {
  ScanBuilder builder;
  builder.column("n", "int").column("d", "int").output(1);
  builder.predicate(call("=", call("/", builder.reference("n"), builder.reference("d")),
                         literal(Value::of(Type{TypeKind::integer}, int32_t{2}))));
  const Decoded decoded = decode(
      builder.build(), {R"({"n":4,"d":2})", R"({"n":4,"d":0})", R"({"n":4,"d":1})", R"({"d":1})"});
  EXPECT_EQ(decoded.rows, Texts{"4"});
  EXPECT_EQ(decoded.failures, Texts{"1 E3101"});
  EXPECT_EQ(decoded.result.rows_filtered, 2u);
}

TEST(ComputedColumn, IsEvaluatedAndMayFail) {
  ScanBuilder builder;
  builder.column("n", "int").column("d", "int");
  ExpressionPtr quotient = call("/", builder.reference("n"), builder.reference("d"));
  builder.column("q", "int").required().computed(quotient);
  const Decoded decoded = decode(builder.build(), {R"({"n":9,"d":3})", R"({"n":9,"d":0})", "x",
                                                   R"({"n":9})", R"({"n":9,"d":"y"})"});
  EXPECT_EQ(decoded.rows, Texts{"9|3|3"});
  EXPECT_EQ(decoded.failures, (Texts{"1 E3101 q", "2 E3001", "3 E3003 q", "4 E3002 d"}));
}

TEST(ComputedEventTime, MovesTheClockOfFilteredRowsToo) {
  ScanBuilder builder;
  builder.column("seconds", "timestamptz").unit(TimeUnit::seconds).column("k", "text");
  builder.column("t", "timestamptz").computed(builder.reference("seconds")).event_time("t");
  builder.predicate(builder.compare("k", "=", "view")).output(2);
  const auto row = [](int64_t seconds, const char* kind) {
    return R"({"seconds":)" + std::to_string(record_time_us / second_us + seconds) + R"(,"k":")" +
           kind + "\"}";
  };
  DecodeSettings settings;
  settings.clock.max_ahead_us = 60 * second_us;
  const auto decoder = make_decoder(builder.build(), settings);
  PartitionClock clock(settings.clock);
  Allowance allowance;
  DecodeResult result;
  ASSERT_TRUE(
      decoder->decode(records({row(1, "view"), row(9, "click"), row(3, "view"), R"({"k":"view"})",
                               row(90, "view"), R"({"seconds":"x","k":"view"})"}),
                      clock, allowance, result));
  EXPECT_EQ(clock.watermark_us(), record_time_us + 9 * second_us);
  EXPECT_EQ(result.rows.meta().seen,
            (std::vector<int64_t>{not_behind, record_time_us + 9 * second_us}));
  EXPECT_EQ(result.rows.meta().row_time[1], record_time_us + 3 * second_us);
  const Decoded decoded = rendered(std::move(result));
  EXPECT_EQ(decoded.failures, (Texts{"3 E3004 t", "4 E3005 t", "5 E3002 seconds"}));
  EXPECT_EQ(decoded.result.rows_filtered, 1u);
}

RawBatch with_metadata() {
  RawBatch raw = records({"{}", "{}", "{}", "{}"});
  raw.records[0].key = raw.arena->copy("77");
  raw.records[0].key_is_null = false;
  raw.records[0].header_count = 2;
  raw.headers = {{"trace", "a\"b"}, {"none", {}}, {"bad", "\xff"}};
  raw.records[2].key = raw.arena->copy("\xff");
  raw.records[2].key_is_null = false;
  raw.records[3].first_header = 2;
  raw.records[3].header_count = 1;
  return raw;
}

TEST(MetadataColumns, AreThoseOfTheRecord) {
  ScanBuilder builder;
  builder.column("topic", "text").meta(MetaColumn::topic);
  builder.column("part", "int").meta(MetaColumn::partition);
  builder.column("pos", "bigint").meta(MetaColumn::offset);
  builder.column("ts", "timestamptz").meta(MetaColumn::timestamp);
  builder.column("key", "text").meta(MetaColumn::key);
  builder.column("headers", "jsonb").meta(MetaColumn::headers);
  const auto decoder = make_decoder(builder.build());
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  ASSERT_TRUE(decoder->decode(with_metadata(), clock, allowance, result));
  const Decoded decoded = rendered(std::move(result));
  EXPECT_EQ(decoded.rows,
            (Texts{R"(events|3|100|2026-01-01 00:00:00+00|77|{"none": null, "trace": "a\"b"})",
                   "events|3|101|2026-01-01 00:00:00+00|NULL|{}"}));
  EXPECT_EQ(decoded.failures, (Texts{"2 E3002 key", "3 E3002 headers"}));
}

TEST(MetadataColumns_OfAnotherType, AreConvertedOrRefused) {
  const ScanSpec key = ScanBuilder().column("k", "bigint").meta(MetaColumn::key).build();
  const auto decoder = make_decoder(key);
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  ASSERT_TRUE(decoder->decode(with_metadata(), clock, allowance, result));
  EXPECT_EQ(rendered(std::move(result)).rows, (Texts{"77", "NULL", "NULL"}));

  const ScanSpec topic = ScanBuilder().column("t", "int").meta(MetaColumn::topic).build();
  const auto plan = ScanPlan::make(topic, TimeZone());
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::invalid_value);
}

TEST(EmptyBatch, GivesNoRows) {
  const Decoded decoded = decode(ScanBuilder().column("a", "int").build(), {});
  EXPECT_EQ(decoded.rows, Texts{});
  EXPECT_EQ(decoded.result.rows_read, 0u);
}

// The views of a batch outlive its raw records and the decoder's next batches.
TEST(DecodedText, OutlivesTheRawBatch) {
  const auto decoder = make_decoder(ScanBuilder().column("a", "text").column("b", "text").build());
  Allowance allowance;
  PartitionClock clock{PartitionClock::Settings{}};
  DecodeResult first;
  ASSERT_TRUE(
      decoder->decode(records({R"({"a":"plain","b":"esc\u0061ped"})"}), clock, allowance, first));
  DecodeResult second;
  ASSERT_TRUE(
      decoder->decode(records({R"({"a":"other","b":"\u0062ther"})"}), clock, allowance, second));
  EXPECT_EQ(rendered(std::move(first)).rows, Texts{"plain|escaped"});
  EXPECT_EQ(rendered(std::move(second)).rows, Texts{"other|bther"});
}

}  // namespace
}  // namespace sluice
