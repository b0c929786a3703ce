#include "sql/reserved_words.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace sluice {

namespace {

// PostgreSQL 15, appendix C: those marked reserved, without the ones that start an expression.
constexpr std::string_view reserved_words[] = {
    "all",    "analyse",    "analyze",   "and",      "any",        "array",      "as",
    "asc",    "asymmetric", "both",      "case",     "cast",       "check",      "collate",
    "column", "constraint", "create",    "default",  "deferrable", "desc",       "distinct",
    "do",     "else",       "end",       "except",   "fetch",      "for",        "foreign",
    "from",   "grant",      "group",     "having",   "in",         "initially",  "intersect",
    "into",   "lateral",    "leading",   "limit",    "not",        "offset",     "on",
    "only",   "or",         "order",     "placing",  "primary",    "references", "returning",
    "select", "some",       "symmetric", "table",    "then",       "to",         "trailing",
    "union",  "unique",     "using",     "variadic", "when",       "where",      "window",
    "with",
};

}  // namespace

bool is_reserved_word(std::string_view word) {
  std::string lower(word);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::find(std::begin(reserved_words), std::end(reserved_words), lower) !=
         std::end(reserved_words);
}

}  // namespace sluice
