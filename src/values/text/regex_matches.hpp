// RegexMatches: the matches of a regular expression in a text, one after the other, as
// PostgreSQL finds them: after an empty match the search goes on a character later. Borrows the
// expression and the text; one thread.
#pragma once

#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace sluice {

class RegexMatches {
 public:
  // From a byte of the text on; what stands before it still counts for ^ and \b.
  RegexMatches(const re2::RE2& regex, std::string_view text, size_t start = 0);

  // Moves to the next match; false when there is none.
  bool next();
  // 0 is the whole match; a group that took no part has null data.
  std::string_view group(size_t index) const { return groups_[index]; }
  size_t group_count() const { return groups_.size() - 1; }
  // Bytes of the text before the match.
  size_t offset() const { return static_cast<size_t>(groups_[0].data() - text_.data()); }

 private:
  const re2::RE2& regex_;
  std::string_view text_;
  size_t next_;
  std::vector<std::string_view> groups_;
};

}  // namespace sluice
