#include "sql/folded_alias.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "data/bad_text.hpp"

namespace sluice {

namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_mixed(std::string_view token) {
  return std::any_of(token.begin(), token.end(), is_upper) &&
         std::any_of(token.begin(), token.end(), is_lower);
}

// The last token of the item that starts at a position: its alias, when it has one. The item ends
// at a comma, at FROM, which is not that of IS DISTINCT FROM, or where its brackets do.
std::optional<uint32_t> last_token_of_item(const SqlText& text, uint32_t start) {
  std::optional<uint32_t> last;
  std::string_view before;
  int depth = 0;
  for (const uint32_t position : text.token_starts()) {
    if (position < start) continue;
    const std::string_view token = text.token_at(position);
    if (token == "(") ++depth;
    if (token == ")") --depth;
    const bool is_from =
        equals_ignoring_case(token, "from") && !equals_ignoring_case(before, "distinct");
    if (depth < 0 || (depth == 0 && (token == "," || token == ";" || is_from))) break;
    last = position;
    before = token;
  }
  return last;
}

}  // namespace

void warn_of_folded_alias(BindState& state, const ParseNode& target) {
  if (!target["name"].exists()) return;
  const std::string& name = target.text("name");
  const auto position = last_token_of_item(state.text(), target.position());
  if (!position) return;
  const std::string token(state.text().token_at(*position));
  if (!is_mixed(token) || !equals_ignoring_case(token, name)) return;
  state.warning(ErrorCode::trap_folded_name, *position,
                "unquoted names are folded to lower case: the column is \"" + name + "\"",
                "write \"" + token + "\" in double quotes, or all of it in lower case");
}

}  // namespace sluice
