// TextMap: where each character of a YAML scalar's text stands in the file, so that an error inside
// SQL points at its own line and column, whichever way the scalar is written: plain, quoted, folded
// (>) or literal (|). An immutable value, independent of the document; usable from any thread.
// Positions beyond the text map to its end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/document.hpp"

namespace sluice {

class TextMap {
 public:
  // Maps everything to nowhere.
  TextMap() = default;
  // `scalar` is a scalar of the document read from `source`.
  TextMap(const Node& scalar, const SourceText& source);

  const std::string& text() const { return text_; }
  // The place of `size` bytes of the text from byte `offset` (from 0), cut at the end of its line.
  // The place's length counts characters.
  SourceLocation at_byte(size_t offset, size_t size = 1) const;
  // The same, counted in characters from 0.
  SourceLocation at_character(size_t offset, size_t size = 1) const;

 private:
  // Text that stands in one line of the file, character for character, from a byte of the text on.
  struct Run {
    size_t text_byte;
    uint32_t line;
    uint32_t column;
  };
  SourceLocation start_of(size_t byte) const;
  // The byte where the character before `end` begins.
  size_t last_character(size_t end) const;

  std::string file_;
  std::string text_;
  std::vector<Run> runs_;
};

}  // namespace sluice
