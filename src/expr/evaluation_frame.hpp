// EvaluationFrame: the rows an expression is being evaluated for: all of a batch, or those that
// take a lazy branch. Lives on the evaluator's stack, one thread; the batch must outlive it.
#pragma once

#include <cstdint>
#include <vector>

#include "data/record_batch.hpp"

namespace sluice {

class EvaluationFrame {
 public:
  // All rows of the batch.
  explicit EvaluationFrame(const RecordBatch& batch) : batch_(batch), size_(batch.rows()) {}
  // The rows at these positions of another frame.
  EvaluationFrame(const EvaluationFrame& parent, const std::vector<uint32_t>& positions);

  size_t size() const { return size_; }
  // The column's values for the frame's rows; gathered at the first use, shared when the frame is
  // the whole batch.
  ColumnPtr column(size_t index);
  uint32_t batch_row(size_t position) const {
    return is_whole_ ? static_cast<uint32_t>(position) : rows_[position];
  }

 private:
  const RecordBatch& batch_;
  size_t size_;
  bool is_whole_ = true;
  std::vector<uint32_t> rows_;
  std::vector<ColumnPtr> gathered_;
};

}  // namespace sluice
