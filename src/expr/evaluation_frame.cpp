#include "expr/evaluation_frame.hpp"

namespace sluice {

EvaluationFrame::EvaluationFrame(const EvaluationFrame& parent,
                                 const std::vector<uint32_t>& positions)
    : batch_(parent.batch_),
      size_(positions.size()),
      is_whole_(false),
      gathered_(parent.batch_.columns().size()) {
  rows_.reserve(positions.size());
  for (const uint32_t position : positions) rows_.push_back(parent.batch_row(position));
}

ColumnPtr EvaluationFrame::column(size_t index) {
  if (is_whole_) return batch_.columns()[index];
  ColumnPtr& column = gathered_[index];
  if (!column) column = gather(batch_.column(index), rows_);
  return column;
}

}  // namespace sluice
