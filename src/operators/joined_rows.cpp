#include "operators/joined_rows.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace sluice {

namespace {

// Charged ahead by so much, not row by row.
constexpr uint64_t step_bytes = 64 * 1024;
// Of a row beside its values: what travels with it, and what its owner notes of it.
constexpr uint64_t row_overhead_bytes = 56;

// What holds for every row by default need not be there for each. Empties `values`.
template <class T>
std::vector<T> take_unless_all(std::vector<T>& values, T usual) {
  std::vector<T> taken;
  const bool all =
      std::all_of(values.begin(), values.end(), [&](T value) { return value == usual; });
  if (!all) taken = values;
  values.clear();
  return taken;
}

}  // namespace

JoinedRows::JoinedRows(const Schema& left, const Schema& right, SchemaPtr output,
                       MemoryPool& memory, std::string who)
    : sides_{Side(left), Side(right)},
      output_(std::move(output)),
      reservation_(memory, std::move(who)),
      row_bytes_(row_overhead_bytes) {
  for (const Side& side : sides_) {
    for (const Type& type : side.types) row_bytes_ += value_width(type.kind);
  }
}

void JoinedRows::start(size_t own_side, const RecordBatch* batch) {
  SLUICE_ASSERT(rows() == 0 && !is_decoded_, "rows of another batch have been released");
  for (Side& side : sides_) side.columns.clear();
  own_side_ = own_side;
  Side& own = sides_[own_side];
  if (batch != nullptr) own.columns = batch->columns();
  if (batch == nullptr) {
    for (const Type& type : own.types) own.columns.push_back(null_column(type, 0));
  }
}

Result<uint32_t> JoinedRows::decode(std::string_view row) {
  EncodedRows& held = sides_[1 - own_side_].held;
  const auto number = static_cast<uint32_t>(held.rows());
  SLUICE_ASSERT(!is_decoded_, "what was taken is released before more is decoded");
  decoded_bytes_ += row.size();
  SLUICE_TRY(charge());
  SLUICE_TRY(held.add(row));
  return number;
}

Status JoinedRows::add(const Row& row) {
  Side& own = sides_[own_side_];
  Side& other = sides_[1 - own_side_];
  kinds_.push_back(row.kind);
  times_us_.push_back(row.time_us);
  seen_us_.push_back(row.seen_us);
  own.chosen.push_back(row.own);
  own.has_gaps |= row.own == none;
  other.chosen.push_back(row.other);
  other.has_gaps |= row.other == none;
  return charge();
}

Status JoinedRows::charge() {
  if (bytes() <= reservation_.bytes()) return {};
  return reservation_.resize(bytes() + step_bytes);
}

RecordBatch JoinedRows::take() {
  const size_t count = rows();
  Side& other = sides_[1 - own_side_];
  if (!std::exchange(is_decoded_, true)) other.held.finish(other.columns);
  std::vector<ColumnPtr> columns;
  for (Side& side : sides_) append_chosen(side, columns);
  RowMeta meta;
  meta.kind = take_unless_all(kinds_, RowKind::insert);
  meta.seen = take_unless_all(seen_us_, not_behind);
  meta.row_time = std::exchange(times_us_, {});
  times_us_.reserve(count);
  return RecordBatch(output_, std::move(columns), count, std::move(meta));
}

// A gap takes a NULL that is put behind what there is.
void JoinedRows::append_chosen(Side& side, std::vector<ColumnPtr>& columns) {
  const bool has_gaps = std::exchange(side.has_gaps, false);
  if (has_gaps) {
    const auto null_row = static_cast<uint32_t>(side.columns.front()->size());
    std::replace(side.chosen.begin(), side.chosen.end(), none, null_row);
  }
  for (const ColumnPtr& column : side.columns) {
    const ColumnPtr from =
        has_gaps ? concatenate({column, null_column(column->type(), 1)}) : column;
    columns.push_back(gather(*from, side.chosen));
  }
  side.chosen.clear();
}

Status JoinedRows::release() {
  if (std::exchange(is_decoded_, false)) sides_[1 - own_side_].columns.clear();
  decoded_bytes_ = 0;
  return reservation_.resize(0);
}

}  // namespace sluice
