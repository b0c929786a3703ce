#include "operators/joined_rows.hpp"

#include <utility>

namespace sluice {

namespace {

// Charged ahead by so much, not row by row.
constexpr uint64_t step_bytes = 64 * 1024;

}  // namespace

Status JoinedRows::add(const Row& row) {
  bytes_ += row.left.size() + (row.right ? row.right->size() : 0) + sizeof(Row);
  if (bytes_ > reservation_.bytes()) SLUICE_TRY(reservation_.resize(bytes_ + step_bytes));
  meta_.kind.push_back(row.kind);
  meta_.row_time.push_back(row.time_us);
  SLUICE_TRY(sides_[0].add(row.left));
  if (row.right) return sides_[1].add(*row.right);
  sides_[1].add_nulls();
  return {};
}

Result<RecordBatch> JoinedRows::take() {
  const size_t count = rows();
  std::vector<ColumnPtr> columns;
  for (EncodedRows& side : sides_) side.finish(columns);
  bytes_ = 0;
  SLUICE_TRY(reservation_.resize(0));
  return RecordBatch(output_, std::move(columns), count, std::exchange(meta_, {}));
}

}  // namespace sluice
