#include "sql/reserved_words.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace sluice {

namespace {

// PostgreSQL 15, appendix C: reserved words, without those that only ever start a clause.
constexpr std::string_view reserved_names[] = {
    "all",       "analyse", "analyze", "any",      "array",   "asc",       "both",       "case",
    "check",     "collate", "column",  "default",  "desc",    "do",        "end",        "fetch",
    "for",       "foreign", "grant",   "group",    "in",      "initially", "lateral",    "leading",
    "limit",     "offset",  "only",    "order",    "placing", "primary",   "references", "some",
    "symmetric", "table",   "to",      "trailing", "unique",  "using",     "variadic",   "window",
};

}  // namespace

bool is_reserved_name(std::string_view word) {
  std::string lower(word);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::find(std::begin(reserved_names), std::end(reserved_names), lower) !=
         std::end(reserved_names);
}

}  // namespace sluice
