// parse_sql: PostgreSQL's own parser on one SQL text. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "sql/binder.hpp"
#include "sql/parse_node.hpp"

namespace sluice {

// The statements of the text ("SelectStmt" and others), or the one problem why there are none.
// Locations in the tree are characters of the text, from 0.
tl::expected<std::vector<ParseNode>, SqlProblem> parse_sql(std::string_view sql);
// The same for `SELECT <sql>`, with locations in `sql`: for expressions on their own.
tl::expected<std::vector<ParseNode>, SqlProblem> parse_selected(std::string_view sql);

}  // namespace sluice
