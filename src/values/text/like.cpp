#include "values/text/like.hpp"

#include "values/text/characters.hpp"

namespace sluice {

namespace {

Unexpected dangling_escape() {
  return fail(ErrorCode::invalid_argument, "LIKE pattern must not end with escape character");
}

struct Exact {
  static char fold(char c) { return c; }
};
struct IgnoringCase {
  static char fold(char c) { return ascii_lower(c); }
};

// Bounded, for a long pattern of one letter in a long text of it takes their product.
constexpr size_t most_work = 1'000'000'000;

Unexpected too_much_work() {
  return fail(ErrorCode::value_out_of_range,
              "LIKE would compare more than 1,000,000,000 characters: shorten the text or the "
              "pattern");
}

// The last % is the only one worth trying again: whatever an earlier one could take, the last can
// take, too.
template <class Case>
Result<bool> match(std::string_view text, std::string_view pattern) {
  constexpr size_t none = std::string_view::npos;
  size_t t = 0;
  size_t p = 0;
  size_t retry_p = none;  // behind the last %
  size_t retry_t = 0;     // where the text behind it begins
  size_t work = 0;        // in characters compared since
  while (t < text.size()) {
    const char wanted = p < pattern.size() ? pattern[p] : '\0';
    if (wanted == '%' && p < pattern.size()) {
      retry_p = ++p;
      retry_t = t;
      continue;
    }
    if (wanted == '_' && p < pattern.size()) {
      t += character_length(text[t]);
      ++p;
      continue;
    }
    const bool is_escaped = wanted == '\\' && p < pattern.size();
    if (is_escaped && p + 1 == pattern.size()) return dangling_escape();
    const size_t literal = p + (is_escaped ? 1 : 0);
    if (literal < pattern.size() && Case::fold(pattern[literal]) == Case::fold(text[t])) {
      p = literal + 1;
      ++t;
      continue;
    }
    if (retry_p == none) return false;
    work += t - retry_t;
    if (work > most_work) return too_much_work();
    retry_t += character_length(text[retry_t]);
    t = retry_t;
    p = retry_p;
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

}  // namespace

Result<bool> matches_like(std::string_view text, std::string_view pattern) {
  return match<Exact>(text, pattern);
}

Result<bool> matches_ilike(std::string_view text, std::string_view pattern) {
  return match<IgnoringCase>(text, pattern);
}

Result<std::string> like_escape(std::string_view pattern, std::string_view escape) {
  if (escape == "\\") return std::string(pattern);
  if (!escape.empty() && character_length(escape.front()) != escape.size()) {
    return fail(ErrorCode::invalid_argument, "invalid escape string",
                "escape string must be empty or one character");
  }
  std::string result;
  bool is_escaped = false;
  while (!pattern.empty()) {
    const std::string_view one = pattern.substr(0, character_length(pattern.front()));
    pattern.remove_prefix(one.size());
    if (one == escape && !is_escaped) {
      result += '\\';
      is_escaped = true;
      continue;
    }
    // Without an own meaning a backslash is an ordinary character.
    if (one == "\\" && !is_escaped) result += '\\';
    result += one;
    is_escaped = false;
  }
  return result;
}

}  // namespace sluice
