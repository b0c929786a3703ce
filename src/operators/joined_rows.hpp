// JoinedRows: rows of a join's output on their way to a batch: the encoded rows of both sides, with
// what travels beside them. They are charged to the budget until the batch has been handed on. One
// owner, one thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "memory/memory_pool.hpp"
#include "operators/encoded_rows.hpp"

namespace sluice {

class JoinedRows {
 public:
  struct Row {
    RowKind kind = RowKind::insert;
    std::string_view left;
    std::optional<std::string_view> right;  // none: NULLs
    int64_t time_us = 0;
    int64_t seen_us = not_behind;  // RowMeta::seen
  };

  // `who` is named when the budget is too small.
  JoinedRows(const Schema& left, const Schema& right, SchemaPtr output, MemoryPool& memory,
             std::string who)
      : sides_{EncodedRows(left), EncodedRows(right)},
        output_(std::move(output)),
        reservation_(memory, std::move(who)) {}

  Status add(const Row& row);
  size_t rows() const { return meta_.kind.size(); }
  uint64_t bytes() const { return bytes_; }
  // All of them, none is left; they stay charged.
  RecordBatch take();
  // What was taken has been handed on.
  Status release();

 private:
  std::array<EncodedRows, 2> sides_;
  SchemaPtr output_;
  Reservation reservation_;
  RowMeta meta_;
  uint64_t bytes_ = 0;
};

}  // namespace sluice
