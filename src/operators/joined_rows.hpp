// JoinedRows: rows of a join's output on their way to a batch: the encoded rows of both sides, with
// what travels beside them. What waits is charged to the budget. One owner, one thread.
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
  };

  // `who` is named when the budget is too small.
  JoinedRows(const Schema& left, const Schema& right, SchemaPtr output, MemoryPool& memory,
             std::string who)
      : sides_{EncodedRows(left), EncodedRows(right)},
        output_(std::move(output)),
        reservation_(memory, std::move(who)) {}

  Status add(const Row& row);
  size_t rows() const { return meta_.kind.size(); }
  // All of them; empty afterwards.
  Result<RecordBatch> take();

 private:
  std::array<EncodedRows, 2> sides_;
  SchemaPtr output_;
  Reservation reservation_;
  RowMeta meta_;
  uint64_t bytes_ = 0;
};

}  // namespace sluice
