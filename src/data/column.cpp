#include "data/column.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace sluice {

namespace {

size_t words_for(size_t rows) { return (rows + 63) / 64; }

// A value as bytes of its width, whatever its type.
template <size_t width>
struct Opaque {
  std::byte bytes[width];
};

// Calls visitor with an Opaque of the width of the type's values.
template <class Visitor>
void with_width(TypeKind kind, Visitor visitor) {
  switch (value_width(kind)) {
    case 1:
      return visitor(Opaque<1>{});
    case 4:
      return visitor(Opaque<4>{});
    case 8:
      return visitor(Opaque<8>{});
    case 16:
      return visitor(Opaque<16>{});
    default:
      return visitor(Opaque<sizeof(Numeric)>{});
  }
}

std::shared_ptr<Column> gather_values(const Column& column, const std::vector<uint32_t>& rows) {
  auto result = std::make_shared<Column>(column.type(), rows.size());
  with_width(column.type().kind, [&]<class T>(T) {
    const T* from = column.values<T>();
    T* to = result->mutable_values<T>();
    for (size_t i = 0; i < rows.size(); ++i) to[i] = from[rows[i]];
  });
  if (column.has_nulls()) {
    for (size_t i = 0; i < rows.size(); ++i) {
      if (column.is_null(rows[i])) result->set_null(i);
    }
  }
  return result;
}

}  // namespace

Column::Column(Type type, size_t size)
    : type_(type),
      size_(size),
      values_(std::make_unique_for_overwrite<std::byte[]>(std::max<size_t>(1, size) *
                                                          value_width(type.kind))) {}

void Column::set_null(size_t row) {
  if (validity_.empty()) validity_.assign(words_for(size_), ~uint64_t{0});
  validity_[row >> 6] &= ~(uint64_t{1} << (row & 63));
  const size_t width = value_width(type_.kind);
  std::memset(values_.get() + row * width, 0, width);
}

void Column::keep_arenas_of(const Column& other) {
  for (const ArenaPtr& arena : other.arenas_) {
    if (std::find(arenas_.begin(), arenas_.end(), arena) == arenas_.end()) arenas_.push_back(arena);
  }
}

ColumnPtr gather(const Column& column, const std::vector<uint32_t>& rows) {
  std::shared_ptr<Column> result = gather_values(column, rows);
  result->keep_arenas_of(column);
  return result;
}

ColumnPtr gather_owned(const Column& column, const std::vector<uint32_t>& rows,
                       const std::shared_ptr<Arena>& arena) {
  std::shared_ptr<Column> result = gather_values(column, rows);
  if (!column.type().is_view()) return result;
  auto* texts = result->mutable_values<std::string_view>();
  for (size_t i = 0; i < rows.size(); ++i) texts[i] = arena->copy(texts[i]);
  result->keep(arena);
  return result;
}

uint64_t text_bytes(const Column& column, const std::vector<uint32_t>& rows) {
  if (!column.type().is_view()) return 0;
  const auto* texts = column.values<std::string_view>();
  uint64_t bytes = 0;
  for (const uint32_t row : rows) bytes += texts[row].size();
  return bytes;
}

ColumnPtr slice(const Column& column, size_t offset, size_t size) {
  SLUICE_ASSERT(offset + size <= column.size(), "slice past the end of a column");
  auto result = std::make_shared<Column>(column.type(), size);
  const size_t width = value_width(column.type().kind);
  std::memcpy(result->mutable_values<std::byte>(), column.values<std::byte>() + offset * width,
              size * width);
  if (column.has_nulls()) {
    for (size_t i = 0; i < size; ++i) {
      if (column.is_null(offset + i)) result->set_null(i);
    }
  }
  result->keep_arenas_of(column);
  return result;
}

ColumnPtr concatenate(const std::vector<ColumnPtr>& columns) {
  SLUICE_ASSERT(!columns.empty(), "nothing to concatenate");
  if (columns.size() == 1) return columns.front();
  size_t size = 0;
  for (const ColumnPtr& column : columns) size += column->size();
  auto result = std::make_shared<Column>(columns.front()->type(), size);
  const size_t width = value_width(result->type().kind);
  size_t at = 0;
  for (const ColumnPtr& column : columns) {
    std::memcpy(result->mutable_values<std::byte>() + at * width, column->values<std::byte>(),
                column->size() * width);
    if (column->has_nulls()) {
      for (size_t i = 0; i < column->size(); ++i) {
        if (column->is_null(i)) result->set_null(at + i);
      }
    }
    result->keep_arenas_of(*column);
    at += column->size();
  }
  return result;
}

ColumnPtr null_column(Type type, size_t size) {
  auto result = std::make_shared<Column>(type, size);
  std::memset(result->mutable_values<std::byte>(), 0, size * value_width(type.kind));
  result->set_validity(std::vector<uint64_t>(words_for(size), 0));
  return result;
}

ColumnBuilder::ColumnBuilder(Type type, size_t capacity, Allowance* allowance)
    : type_(type),
      capacity_(std::max<size_t>(capacity, 1)),
      allowance_(allowance),
      column_(std::make_shared<Column>(type, capacity_)) {}

void ColumnBuilder::grow() {
  auto larger = std::make_shared<Column>(type_, capacity_ * 2);
  std::memcpy(larger->mutable_values<std::byte>(), column_->values<std::byte>(),
              size_ * value_width(type_.kind));
  if (column_->has_nulls()) {
    std::vector<uint64_t> validity = column_->validity();
    validity.resize(words_for(capacity_ * 2), ~uint64_t{0});
    larger->set_validity(std::move(validity));
  }
  column_ = std::move(larger);
  capacity_ *= 2;
}

void ColumnBuilder::append_copy(std::string_view text) {
  if (!arena_) arena_ = std::make_shared<Arena>(allowance_);
  append<std::string_view>(arena_->copy(text));
}

void ColumnBuilder::append_null() {
  if (size_ == capacity_) grow();
  column_->set_null(size_++);
}

void ColumnBuilder::append_from(const Column& column, size_t row) {
  if (column.is_null(row)) return append_null();
  if (type_.is_view()) return append_copy(column.values<std::string_view>()[row]);
  with_width(type_.kind, [&]<class T>(T) { append<T>(column.values<T>()[row]); });
}

ColumnPtr ColumnBuilder::finish() {
  column_->shrink(size_);
  if (arena_) column_->keep(std::move(arena_));
  for (ArenaPtr& arena : arenas_) column_->keep(std::move(arena));
  arenas_.clear();
  arena_.reset();
  ColumnPtr result = std::move(column_);
  size_ = 0;
  column_ = std::make_shared<Column>(type_, capacity_);
  return result;
}

}  // namespace sluice
