// SqlText: the text of one query, and where its tokens begin and end: to underline the right part,
// and to see what the parse tree leaves out (comments, how a name was written, signs of numbers).
// Positions and lengths count characters, positions from 0, as do all others in this room: users
// count characters, and PostgreSQL's parser mixes both. Borrows the text; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

class SqlText {
 public:
  explicit SqlText(std::string_view text);

  std::string_view text() const { return text_; }
  // The token that starts at a position: a dotted name counts as one.
  std::string_view token_at(uint32_t position) const;
  // At least one, also at the end.
  uint32_t token_length(uint32_t position) const;
  // Where the name before a position starts; the position itself when there is none.
  uint32_t token_before(uint32_t position) const;
  // The integer written at a position, with its sign; none when there is none that fits.
  std::optional<int64_t> integer_at(uint32_t position) const;
  // Where each token starts, without comments.
  std::vector<uint32_t> token_starts() const;
  // Where the first `/*+` comment outside of quotes at or after `from` starts.
  std::optional<uint32_t> find_hint(uint32_t from) const;
  // The byte behind the bracket that closes the one at a position; none when there is none.
  std::optional<size_t> end_of_brackets(uint32_t position) const;
  // The position of the character that a byte belongs to.
  uint32_t position_of_byte(size_t byte) const;

 private:
  // The end of the text for positions behind it.
  size_t byte_of(uint32_t position) const;
  size_t end_of_quoted(size_t offset) const;
  size_t end_of_name(size_t offset) const;
  size_t end_of_number(size_t offset) const;
  size_t end_of_comment(size_t offset) const;
  size_t end_of_token(size_t offset) const;
  // The end of the comment, or the spaces, that start at an offset; the offset itself for others.
  size_t end_of_gap(size_t offset) const;

  std::string_view text_;
  std::vector<uint32_t> starts_;  // of each character, in bytes; empty for ASCII
};

}  // namespace sluice
