// The name PostgreSQL gives to a column of a select list that has no AS (its FigureColname).
#pragma once

#include <string>

#include "sql/parse_node.hpp"

namespace sluice {

// "?column?" when the expression suggests none.
std::string figure_column_name(const ParseNode& expression);

}  // namespace sluice
