// Column: the values of one type for the rows of a batch: validity bits and a dense array of
// fixed-width values (type.hpp). Text values are views into arenas that the Column keeps alive.
// Written by its one maker, then shared as ColumnPtr and never changed. Indexes are not checked in
// release builds' hot loops: callers stay below size().
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "memory/arena.hpp"
#include "values/number/numeric.hpp"
#include "values/type.hpp"

namespace sluice {

class Column;
using ColumnPtr = std::shared_ptr<const Column>;

class Column {
 public:
  // `size` values, uninitialised, all valid.
  Column(Type type, size_t size);

  const Type& type() const { return type_; }
  size_t size() const { return size_; }

  // T is the representation named in type.hpp.
  template <class T>
  const T* values() const {
    return reinterpret_cast<const T*>(values_.get());
  }
  template <class T>
  T* mutable_values() {
    return reinterpret_cast<T*>(values_.get());
  }

  bool has_nulls() const { return !validity_.empty(); }
  bool is_null(size_t row) const {
    return !validity_.empty() && ((validity_[row >> 6] >> (row & 63)) & 1) == 0;
  }
  // Also clears the value's bytes, so that a NULL never holds an uninitialised view.
  void set_null(size_t row);
  // Validity bits, 64 a word, 1 = valid; empty = all valid.
  const std::vector<uint64_t>& validity() const { return validity_; }
  void set_validity(std::vector<uint64_t> validity) { validity_ = std::move(validity); }

  // Keeps the memory that text values point into.
  void keep(ArenaPtr arena) { arenas_.push_back(std::move(arena)); }
  void keep_arenas_of(const Column& other);
  const std::vector<ArenaPtr>& arenas() const { return arenas_; }

  // The first `size` rows; size <= size(). For columns made larger than needed.
  void shrink(size_t size) { size_ = size; }

 private:
  Type type_;
  size_t size_;
  std::unique_ptr<std::byte[]> values_;
  std::vector<uint64_t> validity_;
  std::vector<ArenaPtr> arenas_;
};

// The chosen rows, in that order; text is shared, not copied. A row may be named several times.
ColumnPtr gather(const Column& column, const std::vector<uint32_t>& rows);
// The same with the text copied into `arena`, so that the rows do not keep alive what they came in.
ColumnPtr gather_owned(const Column& column, const std::vector<uint32_t>& rows,
                       const std::shared_ptr<Arena>& arena);
// Bytes of text in the rows.
uint64_t text_bytes(const Column& column, const std::vector<uint32_t>& rows);
// Rows [offset, offset + size).
ColumnPtr slice(const Column& column, size_t offset, size_t size);
// Columns of one type, one after the other.
ColumnPtr concatenate(const std::vector<ColumnPtr>& columns);
// `size` NULLs.
ColumnPtr null_column(Type type, size_t size);

// Appends values one by one, growing; text is copied into the builder's arena or referred to.
class ColumnBuilder {
 public:
  // Copied text is taken of the allowance, if there is one (Arena).
  explicit ColumnBuilder(Type type, size_t capacity = 64, Allowance* allowance = nullptr);

  size_t size() const { return size_; }
  template <class T>
  void append(T value) {
    if (size_ == capacity_) [[unlikely]]
      grow();
    column_->mutable_values<T>()[size_++] = value;
  }
  // Copies the text. append(string_view) refers to text whose arena the caller keeps with keep().
  void append_copy(std::string_view text);
  void append_null();
  // A copy of one value of another column of the same type, text copied.
  void append_from(const Column& column, size_t row);
  void keep(ArenaPtr arena) { arenas_.push_back(std::move(arena)); }
  // The column; the builder is empty afterwards and may be used again.
  ColumnPtr finish();

 private:
  void grow();

  Type type_;
  size_t capacity_;
  size_t size_ = 0;
  Allowance* allowance_;
  std::shared_ptr<Column> column_;
  std::shared_ptr<Arena> arena_;
  std::vector<ArenaPtr> arenas_;
};

}  // namespace sluice
