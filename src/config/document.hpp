// Reading YAML with positions. parse_yaml checks the rules of the file that concern YAML itself
// (duplicate and merge keys, tabs, implicit octal, size and depth limits) and reports each as a
// Diagnostic.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.hpp"
#include "config/node.hpp"

namespace sluice {

// A file's text and its lines, for printing diagnostics.
class SourceText {
 public:
  SourceText(std::string name, std::string text);
  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }
  // Without its newline; empty outside the file. Counts from 1.
  std::string_view line(uint32_t number) const;
  // The place of a byte of the text, and back; both stop at the end of the text.
  SourceLocation location_at(size_t byte, uint32_t length = 1) const;
  size_t byte_at(const SourceLocation& location) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<size_t> line_starts_;
};

// The document's root, or an absent Node when it cannot be read at all.
Node parse_yaml(const SourceText& source, Diagnostics& diagnostics);

// "pipelines/trade.yaml:50:29  error E2104 …" with the lines and the caret, as in the language
// guide.
std::string render(const Diagnostic& diagnostic, const SourceText& source);

}  // namespace sluice
