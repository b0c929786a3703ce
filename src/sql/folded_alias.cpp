#include "sql/folded_alias.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "values/text/bad_text.hpp"

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

void warn_of_folded(BindState& state, uint32_t position, const std::string& name) {
  const std::string token(state.text().token_at(position));
  if (!is_mixed(token) || !equals_ignoring_case(token, name)) return;
  state.warning(ErrorCode::trap_folded_name, position,
                "unquoted names are folded to lower case: the column is \"" + name + "\"",
                "write \"" + token + "\" in double quotes, or all of it in lower case");
}

bool means(std::string_view token, const std::string& name) {
  return equals_ignoring_case(token, name) || token == "\"" + name + "\"";
}

// Where the names stand in the first `relation (name, …)` at or after a token; empty: not there.
std::vector<uint32_t> places_of(const SqlText& text, std::span<const uint32_t> tokens,
                                const std::string& relation,
                                const std::vector<std::string>& names) {
  std::vector<uint32_t> places;
  const size_t length = 2 + 2 * names.size();
  for (size_t i = 0; i + length <= tokens.size() && places.size() < names.size(); ++i) {
    places.clear();
    if (!means(text.token_at(tokens[i]), relation) || text.token_at(tokens[i + 1]) != "(") continue;
    for (size_t n = 0; n < names.size(); ++n) {
      const uint32_t place = tokens[i + 2 + 2 * n];
      const std::string_view behind = n + 1 < names.size() ? "," : ")";
      if (!means(text.token_at(place), names[n])) break;
      if (text.token_at(tokens[i + 3 + 2 * n]) != behind) break;
      places.push_back(place);
    }
  }
  return places.size() < names.size() ? std::vector<uint32_t>() : places;
}

}  // namespace

void warn_of_folded_alias(BindState& state, const ParseNode& target) {
  if (!target["name"].exists()) return;
  const std::string& name = target.text("name");
  const auto position = last_token_of_item(state.text(), target.position());
  if (position) warn_of_folded(state, *position, name);
}

void warn_of_folded_list(BindState& state, uint32_t from, const std::string& relation,
                         const std::vector<std::string>& names) {
  const std::vector<uint32_t> starts = state.text().token_starts();
  const auto first = std::lower_bound(starts.begin(), starts.end(), from);
  const auto places = places_of(state.text(), {first, starts.end()}, relation, names);
  for (size_t i = 0; i < places.size(); ++i) warn_of_folded(state, places[i], names[i]);
}

}  // namespace sluice
