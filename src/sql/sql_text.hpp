// SqlText: the text of one query, and where its tokens begin and end: to underline the right bytes,
// and to see what the parse tree leaves out (comments, how a name was written, signs of numbers).
// Borrows the text; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

class SqlText {
 public:
  explicit SqlText(std::string_view text) : text_(text) {}

  std::string_view text() const { return text_; }
  // The token that starts at a byte: a dotted name counts as one. At least one byte, also at the
  // end.
  std::string_view token_at(uint32_t offset) const;
  uint32_t token_length(uint32_t offset) const;
  // Where the name before a byte starts; the byte itself when there is none.
  uint32_t token_before(uint32_t offset) const;
  // Byte offset of a character counted from 0.
  uint32_t byte_of_character(uint32_t character) const;
  // The integer written at a byte, with its sign; none when there is none that fits.
  std::optional<int64_t> integer_at(uint32_t offset) const;
  // Byte offset of the first `/*+` comment outside of quotes at or after `from`.
  std::optional<uint32_t> find_hint(uint32_t from) const;

 private:
  size_t end_of_quoted(size_t offset) const;
  size_t end_of_name(size_t offset) const;
  size_t end_of_number(size_t offset) const;
  size_t end_of_comment(size_t offset) const;
  size_t end_of_token(size_t offset) const;

  std::string_view text_;
};

}  // namespace sluice
