// The lines that a pipeline wrote to a file, folded to the rows that remain, and their comparison
// with the expected lines: any order, every expected field equal, no row too many.
#pragma once

#include <string>
#include <vector>

namespace sluice::test {

// `key`: of an upsert sink; empty: changes take back whole rows. Lines with `op` are folded, others
// stay as they are. Text of one JSON object a row.
std::vector<std::string> fold_lines(const std::string& text, const std::vector<std::string>& key);

// What differs, one a line; empty: nothing.
std::string compare_lines(const std::string& expected, const std::vector<std::string>& actual);

}  // namespace sluice::test
