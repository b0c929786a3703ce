// BranchValues: the values of a lazily evaluated operand for some positions of a frame, and their
// way into a result column. Lives on the evaluator's stack; one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "data/column.hpp"

namespace sluice {

class BranchValues {
 public:
  // `is_dense`: the column has one value per position named, else one per row of the frame; or one
  // value for all.
  BranchValues(ColumnPtr column, const std::vector<uint32_t>& positions, bool is_dense)
      : column_(std::move(column)), positions_(positions), is_dense_(is_dense) {}

  const ColumnPtr& column() const { return column_; }
  // Where the value of the i-th position is in the column.
  size_t index(size_t i) const {
    if (column_->size() == 1) return 0;
    return is_dense_ ? i : positions_[i];
  }
  bool is_null(size_t i) const { return column_->is_null(index(i)); }
  // Copies the values, NULLs too, to their positions in the result.
  void assign_to(Column& result) const;
  // The same, but leaves the result's validity alone; returns the positions whose value is NULL.
  std::vector<uint32_t> assign_values_to(Column& result) const;

 private:
  ColumnPtr column_;
  const std::vector<uint32_t>& positions_;
  bool is_dense_;
};

}  // namespace sluice
