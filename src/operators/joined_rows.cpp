#include "operators/joined_rows.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

// Charged ahead by so much, not row by row.
constexpr uint64_t step_bytes = 64 * 1024;
// Of a row beside its texts: what travels with it, and what its owner notes of it.
constexpr uint64_t row_overhead_bytes = 56;

// What holds for every row by default need not be there for each.
template <class T>
void drop_if_all(std::vector<T>& values, T usual) {
  const bool all =
      std::all_of(values.begin(), values.end(), [&](T value) { return value == usual; });
  if (all) values.clear();
}

}  // namespace

Status JoinedRows::add(const Row& row) {
  bytes_ += row.left.size() + (row.right ? row.right->size() : 0) + row_overhead_bytes;
  if (bytes_ > reservation_.bytes()) SLUICE_TRY(reservation_.resize(bytes_ + step_bytes));
  meta_.kind.push_back(row.kind);
  meta_.row_time.push_back(row.time_us);
  meta_.seen.push_back(row.seen_us);
  SLUICE_TRY(sides_[0].add(row.left));
  if (row.right) return sides_[1].add(*row.right);
  sides_[1].add_nulls();
  return {};
}

RecordBatch JoinedRows::take() {
  const size_t count = rows();
  std::vector<ColumnPtr> columns;
  for (EncodedRows& side : sides_) side.finish(columns);
  drop_if_all(meta_.kind, RowKind::insert);
  drop_if_all(meta_.seen, not_behind);
  return RecordBatch(output_, std::move(columns), count, std::exchange(meta_, {}));
}

Status JoinedRows::release() {
  bytes_ = 0;
  return reservation_.resize(0);
}

}  // namespace sluice
