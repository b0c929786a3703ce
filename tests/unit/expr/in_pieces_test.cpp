#include "expr/in_pieces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/expr/expression_builder.hpp"

namespace sluice::test {

namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Gt;
using testing::HasSubstr;
using testing::SizeIs;
using enum FunctionForm;

constexpr uint64_t MiB = 1024 * 1024;

ExpressionPtr text_column(size_t index) { return column_reference(index, Type{TypeKind::text}); }
ExpressionPtr integer_column(size_t index) {
  return column_reference(index, Type{TypeKind::integer});
}
RecordBatch rows_of(size_t rows, const std::string& text, const std::string& number) {
  return batch_of(
      {column_of(Type{TypeKind::text}, std::vector<std::optional<std::string>>(rows, text)),
       column_of(Type{TypeKind::integer}, std::vector<std::optional<std::string>>(rows, number))});
}

struct Piece {
  size_t rows;
  ColumnPtr values;
  std::vector<RowError> errors;
};

struct Outcome {
  Status status;
  std::vector<Piece> pieces;
};

Outcome run(const ExpressionPtr& expression, const RecordBatch& batch, MemoryPool& memory) {
  Outcome outcome;
  outcome.status = evaluate_in_pieces(
      *expression, batch, {&test_zone(), 0, &memory},
      [&](const RecordBatch& piece, ColumnPtr values, std::vector<RowError>& errors) -> Status {
        outcome.pieces.push_back({piece.rows(), std::move(values), errors});
        return {};
      });
  return outcome;
}

// What makes more of one row than it is long, each as text of column 0 and a number of column 1.
struct Growth {
  const char* name;
  ExpressionPtr expression;
};

std::vector<Growth> growths() {
  const ExpressionPtr value = text_column(0);
  const ExpressionPtr times = integer_column(1);
  const auto text = [](const std::string& of) { return literal_of("text", of); };
  const auto repeated = call(function, "repeat", {value, times});
  const std::string long_text(20'000, 'y');
  const std::string backwards = [] {
    std::string groups;
    for (int i = 0; i < 20'000; ++i) groups += "\\&";
    return groups;
  }();
  const auto concatenated = [&] {
    std::vector<ExpressionPtr> many(5'000, repeated);
    return many;
  };
  std::vector<ExpressionPtr> formatted = concatenated();
  std::string format;
  for (size_t i = 0; i < formatted.size(); ++i) format += "%s";
  formatted.insert(formatted.begin(), text(format));
  std::vector<ExpressionPtr> separated = concatenated();
  separated.insert(separated.begin(), text(","));
  std::vector<ExpressionPtr> members;
  for (size_t i = 0; i < 5'000; ++i) {
    members.push_back(text("k" + std::to_string(i)));
    members.push_back(repeated);
  }
  std::string numbers;
  for (int i = 0; i < 2'000; ++i) numbers += "1e131000,";
  ExpressionPtr doubled = repeated;
  for (int i = 0; i < 12; ++i) doubled = call(infix, "||", {doubled, doubled});
  return {
      {"repeat", call(function, "repeat", {repeated, literal_of("integer", "2147483647")})},
      {"lpad", call(function, "lpad", {value, literal_of("integer", "2000000000"), text("é")})},
      {"rpad", call(function, "rpad", {value, literal_of("integer", "2000000000")})},
      {"replace", call(function, "replace", {repeated, text("x"), text(long_text)})},
      {"nested replace",
       call(function, "replace",
            {call(function, "replace", {repeated, text("x"), text(std::string(500, 'z'))}),
             text("z"), text(std::string(500, 'a'))})},
      {"translate", call(function, "translate",
                         {call(function, "repeat", {value, literal_of("integer", "1500000")}),
                          text("x"), text("𝄞")})},
      {"regexp_replace",
       call(function, "regexp_replace", {repeated, text("x"), text(long_text), text("g")})},
      {"groups", call(function, "regexp_replace", {repeated, text("x+"), text(backwards)})},
      {"format", call(function, "format", formatted)},
      {"width", call(function, "format", {text("%2000000000s"), value})},
      {"concat", call(function, "concat", concatenated())},
      {"concat_ws", call(function, "concat_ws", separated)},
      {"||", doubled},
      {"jsonb_build_array", call(function, "jsonb_build_array", concatenated())},
      {"jsonb_build_object", call(function, "jsonb_build_object", members)},
      {"jsonb", builtin_functions()
                    .cast(call(infix, "||", {text("["), text(numbers + "1]")}),
                          Type{TypeKind::jsonb}, true, 0)
                    .value()},
  };
}

}  // namespace

TEST(InPieces, BatchThatFits_IsOnePiece) {
  MemoryPool memory(16 * MiB);
  const Outcome outcome = run(call(function, "repeat", {text_column(0), integer_column(1)}),
                              rows_of(8, "x", "5"), memory);
  ASSERT_TRUE(outcome.status);
  ASSERT_EQ(outcome.pieces.size(), 1u);
  EXPECT_THAT(texts_of(*outcome.pieces[0].values), Each(std::string(5, 'x')));
}

TEST(InPieces, BatchThatGrowsTooLarge_IsCutAndLosesNoRow) {
  MemoryPool memory(16 * MiB);
  const Outcome outcome = run(call(function, "repeat", {text_column(0), integer_column(1)}),
                              rows_of(100, "x", "100000"), memory);
  ASSERT_TRUE(outcome.status);
  EXPECT_GT(outcome.pieces.size(), 4u);
  size_t rows = 0;
  for (const Piece& piece : outcome.pieces) {
    rows += piece.rows;
    EXPECT_TRUE(piece.errors.empty());
    EXPECT_THAT(texts_of(*piece.values), Each(SizeIs(100'000)));
  }
  EXPECT_EQ(rows, 100u);
}

TEST(InPieces, WhatWasMade_IsChargedAsLongAsItLives) {
  MemoryPool memory(16 * MiB);
  {
    const Outcome outcome = run(call(function, "repeat", {text_column(0), integer_column(1)}),
                                rows_of(10, "x", "100000"), memory);
    EXPECT_THAT(memory.used_bytes(), Gt(1'000'000u));
  }
  EXPECT_EQ(memory.used_bytes(), 0u);
}

TEST(InPieces, RowThatGrowsTooLargeAlone_FailsAloneWhateverMakesIt) {
  MemoryPool memory(16 * MiB);
  const RecordBatch batch = rows_of(2, "x", "1500");
  for (const Growth& growth : growths()) {
    SCOPED_TRACE(growth.name);
    const Outcome outcome = run(growth.expression, batch, memory);
    ASSERT_TRUE(outcome.status);
    for (const Piece& piece : outcome.pieces) {
      ASSERT_EQ(piece.errors.size(), 1u);
      EXPECT_EQ(piece.errors[0].row, 0u);
      EXPECT_EQ(piece.errors[0].error.code, ErrorCode::value_out_of_range);
      EXPECT_EQ(piece.errors[0].error.message,
                "the values of the row need more than 4194304 bytes of memory");
    }
    EXPECT_EQ(outcome.pieces.size(), 2u);
  }
}

TEST(InPieces, FullBudget_IsTheErrorOnlyWhenOneRowDoesNotFit) {
  MemoryPool memory(16 * MiB);
  const ExpressionPtr repeated = call(function, "repeat", {text_column(0), integer_column(1)});
  ASSERT_TRUE(memory.reserve(16 * MiB - 200'000, "the test"));
  Outcome outcome = run(repeated, rows_of(1, "x", "100000"), memory);
  EXPECT_TRUE(outcome.status);
  outcome = run(repeated, rows_of(1, "x", "300000"), memory);
  ASSERT_FALSE(outcome.status);
  EXPECT_EQ(outcome.status.error().code, ErrorCode::budget_exceeded);
  memory.release(16 * MiB - 200'000);
}

TEST(InPieces, SelectRows_NumbersThemOverAllPieces) {
  MemoryPool memory(16 * MiB);
  const ExpressionPtr repeated = call(function, "repeat", {text_column(0), integer_column(1)});
  const auto is_long =
      call(infix, ">", {call(function, "length", {repeated}), literal_of("integer", "100000")});
  std::vector<std::optional<std::string>> numbers(40, "100000");
  numbers[7] = numbers[39] = "100001";
  numbers[20] = "5000000";
  const RecordBatch batch =
      batch_of({column_of(Type{TypeKind::text}, std::vector<std::optional<std::string>>(40, "x")),
                column_of(Type{TypeKind::integer}, numbers)});
  std::vector<RowError> errors;
  const auto selected = select_rows(*is_long, batch, {&test_zone(), 0, &memory}, errors);
  ASSERT_TRUE(selected);
  EXPECT_THAT(*selected, ElementsAre(7, 39));
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].row, 20u);
}

TEST(InPieces, ConstantThatGrowsTooLarge_IsAnError) {
  const auto value = fold_constant(
      *call(function, "repeat", {literal_of("text", "x"), literal_of("integer", "2000000000")}),
      {&test_zone(), 0});
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, ErrorCode::value_out_of_range);
  EXPECT_THAT(value.error().message, HasSubstr("16777216 bytes"));
}

}  // namespace sluice::test
