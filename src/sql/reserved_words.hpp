// Words that PostgreSQL's grammar keeps for itself and that people use as names of columns: they
// are names only in double quotes.
#pragma once

#include <string_view>

namespace sluice {

// `word` in any case.
bool is_reserved_name(std::string_view word);

}  // namespace sluice
