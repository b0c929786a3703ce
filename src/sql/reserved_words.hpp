// Words that PostgreSQL's grammar keeps for itself, so that they are names only in double quotes.
#pragma once

#include <string_view>

namespace sluice {

// `word` in any case.
bool is_reserved_word(std::string_view word);

}  // namespace sluice
