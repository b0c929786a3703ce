#include "formats/whole_rows.hpp"

#include <algorithm>

#include "formats/json_encoder.hpp"
#include "values/json/jsonb_text.hpp"

namespace sluice {

WholeRows::WholeRows(const ScanPlan& plan) {
  for (const size_t index : plan.scan().whole_row) {
    const PlannedColumn& column = plan.columns()[index];
    Part part{index, {}, {}};
    append_json_string(column.name, part.key);
    part.key += ':';
    if (column.is_carried && column.computed) {
      for (const size_t read : columns_of(*column.computed)) part.reads.push_back(read);
    }
    parts_.push_back(std::move(part));
  }
}

void WholeRows::note_bad_value(size_t column, std::optional<std::string_view> text) {
  current_.columns[column] = text ? std::optional<std::string>(*text) : std::nullopt;
}

void WholeRows::finish_row(std::optional<size_t> row) {
  if (!current_.is_odd()) return;
  if (row) odd_rows_[*row] = std::move(current_);
  current_ = {};
}

void WholeRows::truncate(size_t rows) {
  odd_rows_.erase(odd_rows_.lower_bound(rows), odd_rows_.end());
  current_ = {};
}

ColumnPtr WholeRows::write(const std::vector<ColumnPtr>& columns, std::span<const uint32_t> rows,
                           Allowance& allowance) const {
  if (parts_.empty()) return nullptr;
  ColumnBuilder builder(Type{TypeKind::jsonb}, rows.size(), &allowance);
  std::string json;
  for (const uint32_t row : rows) {
    json.clear();
    append_row(columns, row, json);
    builder.append_copy(json);
  }
  return builder.finish();
}

void WholeRows::append_row(const std::vector<ColumnPtr>& columns, uint32_t row,
                           std::string& out) const {
  static const OddRow as_usual;
  const auto found = odd_rows_.find(row);
  const OddRow& odd = found == odd_rows_.end() ? as_usual : found->second;
  if (odd.text) return append_json_string(*odd.text, out);
  char separator = '{';
  for (const Part& part : parts_) {
    if (is_left_out(part, odd)) continue;
    out += separator;
    separator = ',';
    out += part.key;
    const auto text = odd.columns.find(part.index);
    if (text == odd.columns.end()) {
      append_json_value(*columns[part.index], row, {}, out);
    } else {
      append_json_string(*text->second, out);
    }
  }
  if (separator == '{') out += separator;
  out += '}';
}

bool WholeRows::is_left_out(const Part& part, const OddRow& odd) {
  if (odd.columns.empty()) return false;
  const auto own = odd.columns.find(part.index);
  if (own != odd.columns.end() && !own->second) return true;
  return std::any_of(part.reads.begin(), part.reads.end(),
                     [&](size_t read) { return odd.columns.contains(read); });
}

}  // namespace sluice
