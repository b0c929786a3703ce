#include "dataflow/dead_letter.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "formats/json_encoder.hpp"

namespace sluice {
namespace {

constexpr size_t limit = 100'000;

DeadLetter letter_with(const std::string& message) {
  DeadLetter letter;
  letter.step = "orders";
  letter.error = {ErrorCode::decode_failed, message, Retry::never, {}};
  letter.topic = "orders";
  letter.offset = 7;
  return letter;
}

nlohmann::json document_of(const DeadLetter& letter) {
  std::string text;
  const RecordBatch batch = dead_letter_batch("shop", {letter});
  EXPECT_TRUE(make_json_encoder(*batch.schema(), {})->encode(batch, 0, text).has_value());
  EXPECT_LE(text.size(), limit);
  return nlohmann::json::parse(text);
}

TEST(DeadLetter, IsLeftAsItIsWhenItFits) {
  DeadLetter letter = letter_with("bad");
  letter.payload_base64 = to_base64(std::string(60'000, 'x'));
  shorten(letter, limit);
  EXPECT_EQ(letter.error.message, "bad");
  EXPECT_EQ(letter.payload_base64, to_base64(std::string(60'000, 'x')));
}

TEST(DeadLetter, KeepsTheBeginningOfALongRecordAndSaysSo) {
  DeadLetter letter = letter_with("bad");
  letter.payload_base64 = to_base64(std::string(300'001, 'x'));
  shorten(letter, limit);
  const nlohmann::json document = document_of(letter);
  EXPECT_EQ(document["message"],
            "bad (the letter holds only the beginning of the record of 300001 bytes)");
  const std::string payload = document["payload_base64"];
  EXPECT_GT(payload.size(), limit / 2);
  EXPECT_EQ(payload, to_base64(std::string(payload.size() / 4 * 3, 'x')));
  EXPECT_EQ(document["offset"], 7);
}

TEST(DeadLetter, KeepsTheBeginningOfALongRowAsAString) {
  DeadLetter letter = letter_with("bad");
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "\u4e2d";
  letter.row = "{\"id\":1,\"note\":\"" + text + "\"}";
  shorten(letter, limit);
  const nlohmann::json document = document_of(letter);
  ASSERT_TRUE(document["row"].is_string());
  const std::string row = document["row"];
  EXPECT_EQ(row.substr(0, 16), "{\"id\":1,\"note\":\"");
  EXPECT_GT(row.size(), limit / 3);
}

TEST(DeadLetter, BoundsAMessageThatQuotesALongValue) {
  DeadLetter letter = letter_with(std::string(500'000, '"'));
  letter.row = std::string("{\"id\":\"") + std::string(500'000, 'x') + "\"}";
  shorten(letter, limit);
  document_of(letter);
  EXPECT_LT(letter.error.message.size(), 9'000u);
}

TEST(DeadLetter, ThatStopsThePipelineTellsPlaceAndRow) {
  DeadLetter letter = letter_with("bad");
  letter.row = R"({"id":1})";
  EXPECT_EQ(stopping_error(letter, "sink").to_string(),
            R"(E3001 sink orders, topic orders, partition 0, offset 7: bad; the row: {"id":1})");
  letter.topic.clear();
  letter.offset = -1;
  letter.row.reset();
  EXPECT_EQ(stopping_error(letter).to_string(), "E3001 step orders: bad");
}

TEST(DeadLetter, ThatStopsThePipelineShowsTheBeginningOfALongRow) {
  DeadLetter letter = letter_with("bad");
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += "\u4e2d";
  letter.row = "{\"note\":\"" + text + "\"}";
  const std::string row = stopping_error(letter).place->row;
  EXPECT_LT(row.size(), 1'100u);
  EXPECT_TRUE(row.ends_with("\u4e2d\u2026 (3011 bytes)")) << row;
}

// A row that carries none is shown as it is.
TEST(DeadLetter, HoldsTheWholeRowOfTheSourceWhereTheRowCarriesIt) {
  const auto schema = std::make_shared<Schema>(std::vector<Field>{{"n", {TypeKind::integer}}});
  ColumnBuilder numbers({TypeKind::integer});
  ColumnBuilder source_rows({TypeKind::jsonb});
  for (const int32_t number : {1, 2}) numbers.append(number);
  source_rows.append_copy(R"({"n":1,"note":"x"})");
  source_rows.append_null();
  RowMeta meta;
  meta.source_row = source_rows.finish();
  const RecordBatch batch(schema, {numbers.finish()}, 2, std::move(meta));
  const Error error{ErrorCode::late_row, "late", Retry::never, {}};
  EXPECT_EQ(dead_letter_of_row(batch, 0, "minutes", error).row, R"({"n":1,"note":"x"})");
  EXPECT_EQ(dead_letter_of_row(batch, 1, "minutes", error).row, R"({"n":2})");
}

TEST(DeadLetter, IsNotedWithoutItsRow) {
  DeadLetter letter = letter_with(std::string(500'000, '"'));
  letter.row = R"({"id":1})";
  const Error noted = noted_error(letter);
  EXPECT_EQ(noted.place->row, "");
  EXPECT_EQ(noted.place->offset, 7);
  EXPECT_LT(noted.message.size(), 1'100u);
}

}  // namespace
}  // namespace sluice
