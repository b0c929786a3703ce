// JoinedRows: rows of a join's output on their way to a batch. Each is made of a row of the batch
// that is being joined, and of a row that the other side holds; NULLs stand for one that is
// missing. A held row is decoded once for all rows that it is in, and columns are made for many
// rows at once. What is here is charged to the budget until it is released. One owner, one thread.
//
// start; then decode, add and take, and release when what was taken has been handed on. Several
// batches may be taken of what was decoded, but nothing more is decoded between take and release.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "memory/memory_pool.hpp"
#include "operators/encoded_rows.hpp"

namespace sluice {

class JoinedRows {
 public:
  static constexpr uint32_t none = UINT32_MAX;
  struct Row {
    RowKind kind = RowKind::insert;
    uint32_t own = none;    // of the batch
    uint32_t other = none;  // as decode() numbers it
    int64_t time_us = 0;
    int64_t seen_us = not_behind;  // RowMeta::seen
  };

  // `who` is named when the budget is too small.
  JoinedRows(const Schema& left, const Schema& right, SchemaPtr output, MemoryPool& memory,
             std::string who);

  // The batch is of input `own_side` (0: left); null: all rows are of the other side alone.
  void start(size_t own_side, const RecordBatch* batch);
  // Encoded, of the other side. Its number is valid until release.
  Result<uint32_t> decode(std::string_view row);
  Status add(const Row& row);
  size_t rows() const { return kinds_.size(); }
  uint64_t bytes() const { return decoded_bytes_ + rows() * row_bytes_; }
  // All of the rows, none is left; what was decoded is. They stay charged.
  RecordBatch take();
  Status release();

 private:
  // What the rows have of one side.
  struct Side {
    explicit Side(const Schema& schema) : types(types_of(schema)), held(schema) {}
    std::vector<Type> types;
    EncodedRows held;
    std::vector<ColumnPtr> columns;  // to choose from
    std::vector<uint32_t> chosen;    // a row of those for each row
    bool has_gaps = false;           // some are `none`
  };

  Status charge();
  static void append_chosen(Side& side, std::vector<ColumnPtr>& columns);

  std::array<Side, 2> sides_;
  size_t own_side_ = 0;
  bool is_decoded_ = false;  // the other side's columns are those of its held rows
  SchemaPtr output_;
  Reservation reservation_;
  std::vector<RowKind> kinds_;
  std::vector<int64_t> seen_us_;
  std::vector<int64_t> times_us_;
  uint64_t row_bytes_;
  uint64_t decoded_bytes_ = 0;
};

}  // namespace sluice
