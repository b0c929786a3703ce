#include "operators/aggregates/row_bag.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace sluice {

namespace {

std::vector<size_t> kept_columns(const AggregateCall& call) {
  std::vector<size_t> columns = call.arguments;
  for (const SortBy<size_t>& key : call.order) columns.push_back(key.value);
  return columns;
}

}  // namespace

RowBag::RowBag(const AggregateCall& call, const Schema& input, ElementLog* log)
    : BagAccumulator(log),
      fold_(call.function->fold_rows),
      distinct_(call.distinct),
      columns_(kept_columns(call)),
      arguments_(call.arguments.size()),
      codec_(types_of(input, columns_)),
      order_(codec_.types(), arguments_, call.order) {}

void RowBag::change(const AccumulatorInput& input, int direction) {
  const Column& argument = input.argument();
  for (size_t i = 0; i < input.rows.size(); ++i) {
    const uint32_t row = input.rows[i];
    if (argument.is_null(row)) continue;
    row_.clear();
    codec_.encode(input.batch, columns_, row, row_);
    bags_.change(input.ids[i], row_, direction);
  }
}

void RowBag::change(const Accumulator& from, std::span<const IdPair> ids, int direction) {
  const auto& other = static_cast<const RowBag&>(from);
  for (const IdPair& pair : ids) {
    for (const auto& [row, cell] : other.bags_.bag(pair.from)) {
      bags_.change(pair.to, row, direction * cell.count);
    }
  }
}

std::vector<ColumnBuilder> RowBag::builders() const {
  std::vector<ColumnBuilder> builders;
  for (const Type& type : codec_.types()) builders.emplace_back(type);
  return builders;
}

// Rows that compare as equal and still differ (1.0 and 1.00) stay in the order of their bytes.
Status RowBag::finish(uint32_t id, int64_t, ColumnBuilder& out) const {
  std::vector<ColumnBuilder> values = builders();
  std::vector<int64_t> counts;
  for (const auto& [row, cell] : bags_.bag(id)) {
    if (cell.count <= 0) continue;
    const Status read = codec_.decode(row, values);
    SLUICE_ASSERT(read.has_value(), "a kept row reads back");
    counts.push_back(cell.count);
  }
  std::vector<ColumnPtr> columns;
  for (ColumnBuilder& builder : values) columns.push_back(builder.finish());
  std::vector<uint32_t> sorted(counts.size());
  for (uint32_t i = 0; i < sorted.size(); ++i) sorted[i] = i;
  std::stable_sort(sorted.begin(), sorted.end(), [&](uint32_t left, uint32_t right) {
    return order_.compare(columns, left, right) < 0;
  });

  OrderedRows rows;
  for (const uint32_t row : sorted) {
    const bool is_known =
        distinct_ && !rows.rows.empty() && order_.same_arguments(columns, rows.rows.back(), row);
    if (!is_known) rows.rows.insert(rows.rows.end(), distinct_ ? 1 : counts[row], row);
  }
  columns.resize(arguments_);
  rows.arguments = std::move(columns);
  return fold_(rows, out);
}

bool RowBag::load_element(uint32_t id, std::string_view element, std::string_view value) {
  StateBytesReader bytes(element);
  std::vector<ColumnBuilder> values = builders();
  return codec_.decode(bytes.take_text(), values).has_value() &&
         BagAccumulator::load_element(id, element, value);
}

}  // namespace sluice
