// Words of other dialects of SQL (MySQL, Spark, Flink, Hive, Oracle), and what is written here
// instead: the one table that messages about functions, operators, types and syntax ask. Also of
// the types of columns in a pipeline file. Pure functions, usable from any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice {

enum class ForeignWord : uint8_t {
  function,
  aggregate,  // none stands for it; PostgreSQL's own are among them where there is a way
  operation,
  type,
  syntax,  // a word at which, or behind which, the parser stops
};

// The advice for a word in lower case; empty: the word is none of theirs.
std::string_view advice_for_foreign_word(ForeignWord kind, std::string_view word);

}  // namespace sluice
