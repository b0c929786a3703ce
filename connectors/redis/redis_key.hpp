// RedisKey: makes the key of a row from a template and its columns. Rows that differ in a column of
// the key have different keys: where another column follows, a text has '\' before each '\' and
// before each character with which the template goes on behind it. Texts of the last column, and
// numbers and times, which cannot be taken for more than they are, stand as they are: only where
// the template goes on with a digit, a point, an 'e' or a space are these escaped too. Immutable;
// append() is one thread's at a time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/text_template.hpp"
#include "data/record_batch.hpp"

namespace sluice::redis {

class RedisKey {
 public:
  RedisKey() = default;
  // The schema has every column of the template.
  RedisKey(const TextTemplate& text, const Schema& schema);

  // Appends the row's key to `out`. False, with a part of it appended, when a column is NULL.
  bool append(const RecordBatch& batch, size_t row, std::string& out) const;

 private:
  struct Part {
    std::string literal;           // before the column
    std::optional<size_t> column;  // none: literal text at the end
    // The character that ends the column's text and is escaped in it; empty: none needs to be.
    std::string separator;
  };
  std::vector<Part> parts_;
};

}  // namespace sluice::redis
