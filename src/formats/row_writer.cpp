#include "formats/row_writer.hpp"

#include <algorithm>

namespace sluice {

namespace {

size_t words_for(size_t rows) { return (rows + 63) / 64; }

}  // namespace

RowWriter::RowWriter(SchemaPtr schema)
    : schema_(std::move(schema)),
      columns_(schema_->size()),
      values_(schema_->size()),
      validity_(schema_->size()),
      is_set_(schema_->size()) {
  for (const Field& field : schema_->fields()) row_bytes_ += value_width(field.type.kind);
}

void RowWriter::start_batch(size_t expected_rows, ArenaPtr raw, Allowance& allowance) {
  allowance_ = &allowance;
  rows_ = 0;
  capacity_ = 0;
  raw_ = std::move(raw);
  own_.reset();
  for (std::vector<uint64_t>& words : validity_) words.clear();
  grow(std::max<size_t>(expected_rows, 1));
}

void RowWriter::grow(size_t capacity) {
  if (capacity_ > 0) allowance_->spend(capacity * row_bytes_);
  for (size_t i = 0; i < columns_.size(); ++i) {
    const Type type = (*schema_)[i].type;
    auto larger = std::make_shared<Column>(type, capacity);
    if (rows_ > 0) {
      std::memcpy(larger->mutable_values<std::byte>(), values_[i], rows_ * value_width(type.kind));
    }
    columns_[i] = std::move(larger);
    values_[i] = columns_[i]->mutable_values<std::byte>();
    if (!validity_[i].empty()) validity_[i].resize(words_for(capacity), ~uint64_t{0});
  }
  capacity_ = capacity;
}

std::string_view RowWriter::keep_text(std::string_view text) {
  if (!own_) own_ = std::make_shared<Arena>(allowance_);
  return own_->copy(text);
}

void RowWriter::write_nulls() {
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (is_set_[i] != 0) continue;
    std::vector<uint64_t>& words = validity_[i];
    if (words.empty()) words.assign(words_for(capacity_), ~uint64_t{0});
    words[rows_ >> 6] &= ~(uint64_t{1} << (rows_ & 63));
    const size_t width = value_width((*schema_)[i].type.kind);
    std::memset(values_[i] + rows_ * width, 0, width);
  }
}

void RowWriter::truncate(size_t rows) {
  for (std::vector<uint64_t>& words : validity_) {
    if (words.empty()) continue;
    for (size_t row = rows; row < rows_; ++row) words[row >> 6] |= uint64_t{1} << (row & 63);
  }
  rows_ = rows;
}

std::vector<ColumnPtr> RowWriter::take_columns(size_t count) {
  std::vector<ColumnPtr> taken;
  taken.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    Column& column = *columns_[i];
    column.shrink(rows_);
    if (!validity_[i].empty()) {
      validity_[i].resize(words_for(rows_));
      column.set_validity(std::move(validity_[i]));
    }
    if (column.type().is_view()) {
      if (raw_) column.keep(raw_);
      if (own_) column.keep(own_);
    }
    taken.push_back(std::move(columns_[i]));
  }
  raw_.reset();
  own_.reset();
  return taken;
}

}  // namespace sluice
