// EarlyFilter: the part of a pushed-down predicate that is decided as soon as one text column is
// read, so that the other columns of a dropped row are not even converted: conjuncts of the form
// `column = 'literal'`, `column <> 'literal'` and `column = 'a' OR column = 'b'`. None of them can
// fail. Immutable; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "expr/expression.hpp"

namespace sluice {

struct EarlyTest {
  size_t column;
  std::vector<std::string> literals;
  bool wanted_among;  // true: the value is one of the literals; false: it is none of them

  bool passes(std::string_view value) const {
    for (const std::string& literal : literals) {
      if (value == literal) return wanted_among;
    }
    return !wanted_among;
  }
};

struct EarlyFilter {
  std::vector<EarlyTest> tests;  // at most one a column
  ExpressionPtr rest;            // what remains of the predicate; null when nothing
};

// Splits a predicate (may be null). `is_readable[i]`: column i comes from the document itself.
EarlyFilter split_predicate(const ExpressionPtr& predicate, const std::vector<bool>& is_readable);

}  // namespace sluice
