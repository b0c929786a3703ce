#include "data/record_batch.hpp"

#include <gtest/gtest.h>

#include "data/stream_element.hpp"

namespace sluice {
namespace {

const SchemaPtr schema = std::make_shared<Schema>(
    std::vector<Field>{{"id", {TypeKind::integer}}, {"name", {TypeKind::text}}});

RecordBatch batch_of(std::vector<int32_t> ids, RowMeta meta = {}) {
  ColumnBuilder id({TypeKind::integer});
  ColumnBuilder name({TypeKind::text});
  for (const int32_t value : ids) {
    id.append(value);
    name.append_copy("n" + std::to_string(value));
  }
  return RecordBatch(schema, {id.finish(), name.finish()}, ids.size(), std::move(meta));
}

std::vector<int32_t> ids_of(const RecordBatch& batch) {
  const auto* values = batch.column(0).values<int32_t>();
  return {values, values + batch.rows()};
}

const auto origin = std::make_shared<const Origin>(Origin{"topic", 3});

RowMeta full_meta(int64_t from) {
  RowMeta meta;
  meta.kind = {RowKind::insert, RowKind::update_before, RowKind::update_after};
  meta.seen = {not_behind, from, from + 1};
  meta.row_time = {from, from + 1, from + 2};
  meta.offset = {from, from + 1, from + 2};
  meta.origin = origin;
  return meta;
}

TEST(RecordBatch, GatherTakesColumnsAndMetaAlong) {
  const RecordBatch batch = batch_of({10, 11, 12}, full_meta(100)).gather({2, 0});
  EXPECT_EQ(ids_of(batch), (std::vector<int32_t>{12, 10}));
  EXPECT_EQ(batch.column(1).values<std::string_view>()[0], "n12");
  EXPECT_EQ(batch.kind(0), RowKind::update_after);
  EXPECT_EQ(batch.seen(0), 101);
  EXPECT_EQ(batch.seen(1), not_behind);
  EXPECT_EQ(batch.meta().offset, (std::vector<int64_t>{102, 100}));
  EXPECT_EQ(batch.meta().origin, origin);
}

TEST(RecordBatch, SliceTakesColumnsAndMetaAlong) {
  const RecordBatch batch = batch_of({10, 11, 12}, full_meta(100)).slice(1, 2);
  EXPECT_EQ(ids_of(batch), (std::vector<int32_t>{11, 12}));
  EXPECT_EQ(batch.kind(0), RowKind::update_before);
  EXPECT_EQ(batch.meta().row_time, (std::vector<int64_t>{101, 102}));
}

ColumnPtr source_rows(const std::vector<const char*>& texts) {
  ColumnBuilder rows({TypeKind::jsonb});
  for (const char* text : texts) rows.append_copy(text);
  return rows.finish();
}

std::vector<std::string> source_rows_of(const RecordBatch& batch) {
  std::vector<std::string> texts;
  for (size_t row = 0; row < batch.rows(); ++row) {
    const bool is_carried = batch.meta().has_source_row(row);
    texts.emplace_back(is_carried ? batch.meta().source_row->values<std::string_view>()[row]
                                  : "none");
  }
  return texts;
}

TEST(RecordBatch, SourceRowsGoWithTheirRows) {
  using Texts = std::vector<std::string>;
  RowMeta meta;
  meta.source_row = source_rows({"{}", "[1]", "[2]"});
  const RecordBatch batch = batch_of({10, 11, 12}, meta);
  EXPECT_EQ(source_rows_of(batch.gather({2, 0, 2})), (Texts{"[2]", "{}", "[2]"}));
  EXPECT_EQ(source_rows_of(batch.slice(1, 2)), (Texts{"[1]", "[2]"}));
  EXPECT_EQ(source_rows_of(concatenate({batch_of({1}), batch, batch_of({2})})),
            (Texts{"none", "{}", "[1]", "[2]", "none"}));
  EXPECT_EQ(concatenate({batch_of({1}), batch_of({2})}).meta().source_row, nullptr);
}

TEST(RecordBatch, OwnedSourceRowsOutliveThoseTheyWereTakenFrom) {
  RowMeta meta;
  meta.source_row = source_rows({"a text that is not short", "[1]"});
  const std::weak_ptr<const Arena> arena = meta.source_row->arenas().front();
  RecordBatch owned = batch_of({1, 2}, std::move(meta)).gather_owned({0});
  EXPECT_TRUE(arena.expired());
  EXPECT_EQ(source_rows_of(owned), std::vector<std::string>{"a text that is not short"});
}

TEST(RecordBatch, SourceRowsCountAmongItsBytes) {
  const std::string text(100'000, 'x');
  RowMeta meta;
  meta.source_row = source_rows({text.c_str()});
  EXPECT_GE(batch_of({1}, std::move(meta)).allocated_bytes(),
            batch_of({1}).allocated_bytes() + text.size());
}

TEST(RecordBatch, EmptyMetaStandsForTheDefaults) {
  const RecordBatch batch = batch_of({1});
  EXPECT_EQ(batch.kind(0), RowKind::insert);
  EXPECT_EQ(batch.seen(0), not_behind);
}

TEST(RecordBatch, WithColumnsKeepsTheMeta) {
  const RecordBatch batch = batch_of({10, 11, 12}, full_meta(100));
  const auto narrow = std::make_shared<Schema>(std::vector<Field>{{"n", {TypeKind::text}}});
  const RecordBatch projected = batch.with_columns(narrow, {batch.columns()[1]});
  EXPECT_EQ(projected.schema()->to_string(), "n text");
  EXPECT_EQ(projected.seen(1), 100);
}

TEST(Concatenate, FillsMetaThatOnlySomeBatchesHave) {
  const RecordBatch joined =
      concatenate({batch_of({1}), batch_of({2, 3, 4}, full_meta(100)), batch_of({5})});
  EXPECT_EQ(ids_of(joined), (std::vector<int32_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(joined.kind(0), RowKind::insert);
  EXPECT_EQ(joined.kind(3), RowKind::update_after);
  EXPECT_EQ(joined.kind(4), RowKind::insert);
  EXPECT_EQ(joined.seen(0), not_behind);
  EXPECT_EQ(joined.seen(2), 100);
  EXPECT_EQ(joined.seen(4), not_behind);
}

TEST(Concatenate, OfOneOriginKeepsItAndOfSeveralDropsIt) {
  const RecordBatch same =
      concatenate({batch_of({1, 2, 3}, full_meta(1)), batch_of({4, 5, 6}, full_meta(4))});
  EXPECT_EQ(same.meta().origin, origin);
  EXPECT_EQ(same.meta().offset, (std::vector<int64_t>{1, 2, 3, 4, 5, 6}));
  RowMeta other = full_meta(4);
  other.origin = std::make_shared<const Origin>(Origin{"topic", 4});
  const RecordBatch mixed =
      concatenate({batch_of({1, 2, 3}, full_meta(1)), batch_of({4, 5, 6}, other)});
  EXPECT_EQ(mixed.meta().origin, nullptr);
  EXPECT_TRUE(mixed.meta().offset.empty());
}

TEST(RowKind, TextsAndAdditions) {
  EXPECT_STREQ(row_kind_text(RowKind::insert), "+I");
  EXPECT_STREQ(row_kind_text(RowKind::update_before), "-U");
  EXPECT_STREQ(row_kind_text(RowKind::update_after), "+U");
  EXPECT_STREQ(row_kind_text(RowKind::delete_row), "-D");
  EXPECT_TRUE(is_addition(RowKind::update_after));
  EXPECT_FALSE(is_addition(RowKind::update_before));
}

TEST(Schema, FindsColumnsByName) {
  EXPECT_EQ(schema->find("name"), 1u);
  EXPECT_EQ(schema->find("Name"), std::nullopt);
  EXPECT_EQ(schema->to_string(), "id integer, name text");
}

TEST(Watermark, IdleAndFinalAreNoTimes) {
  EXPECT_TRUE(Watermark::idle().is_idle());
  EXPECT_FALSE(Watermark::idle().is_final());
  EXPECT_TRUE(Watermark::final().is_final());
  EXPECT_FALSE(Watermark::at(5).is_final());
  EXPECT_EQ(Watermark::at(5).time_us(), 5);
  EXPECT_FALSE(Watermark::at(5) == Watermark::idle());
}

}  // namespace
}  // namespace sluice
