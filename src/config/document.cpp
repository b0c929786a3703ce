#include "config/document.hpp"

#include <algorithm>

#include "config/utf8.hpp"

namespace sluice {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
// Of a line in an excerpt; a longer one is shown around the caret only.
constexpr size_t widest_excerpt = 160;

struct Excerpt {
  std::string_view text;
  size_t caret = 0;  // bytes before the caret
};

Excerpt cut_around(std::string_view line, size_t caret) {
  if (caret <= widest_excerpt)
    return {line.substr(0, byte_of_character(line, widest_excerpt)), caret};
  const size_t first = byte_of_character(line, count_characters(line.substr(0, caret)) - 40);
  const std::string_view rest = line.substr(first);
  return {rest.substr(0, byte_of_character(rest, widest_excerpt)), caret - first};
}

std::string line_prefix(const std::string& number, size_t width) {
  return "  " + std::string(width - number.size(), ' ') + number + " | ";
}

// The lines around the place, the caret below them, what is behind it and the suggestion.
std::string render_excerpt(const Diagnostic& diagnostic, const SourceText& source) {
  const uint32_t line_number = diagnostic.location.line;
  const size_t width = std::to_string(line_number).size();
  const std::string margin = "  " + std::string(width, ' ') + " |";
  const std::string_view line = source.line(line_number);
  const Excerpt excerpt = cut_around(line, byte_of_character(line, diagnostic.location.column - 1));

  std::string text;
  const std::string_view before = line_number > 1 ? source.line(line_number - 1) : "";
  if (before.find_first_not_of(" \t") != std::string_view::npos) {
    text += "\n" + line_prefix(std::to_string(line_number - 1), width) +
            printable(cut_around(before, 0).text);
  }
  text += "\n" + line_prefix(std::to_string(line_number), width) + printable(excerpt.text);

  const std::string_view marked = excerpt.text.substr(std::min(excerpt.caret, excerpt.text.size()));
  const size_t marked_size = byte_of_character(marked, diagnostic.location.length);
  const size_t carets = std::max<size_t>(1, display_width(marked.substr(0, marked_size)));
  text += "\n" + margin + " " +
          std::string(display_width(excerpt.text.substr(0, excerpt.caret)), ' ') +
          std::string(carets, '^');
  if (!diagnostic.note.empty()) text += " " + printable(diagnostic.note);
  if (!diagnostic.suggestion.empty())
    text += "\n" + margin + " " + printable(diagnostic.suggestion);
  return text;
}

// Errors inside SQL show the lines they are in; those in the structure of the file are one line.
bool has_excerpt(const Diagnostic& diagnostic) {
  const auto number = static_cast<uint16_t>(diagnostic.code);
  return number >= 2000 && number < 3000 && diagnostic.location.line > 0;
}

}  // namespace

SourceText::SourceText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  if (text_.starts_with(byte_order_mark)) text_.erase(0, byte_order_mark.size());
  line_starts_.push_back(0);
  for (size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

std::string_view SourceText::line(uint32_t number) const {
  if (number < 1 || number > line_starts_.size()) return {};
  const size_t first = line_starts_[number - 1];
  const size_t end = std::min(text_.find('\n', first), text_.size());
  std::string_view line = std::string_view(text_).substr(first, end - first);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

SourceLocation SourceText::location_at(size_t byte, uint32_t length) const {
  byte = std::min(byte, text_.size());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), byte);
  const size_t first = *(after - 1);
  const auto column = count_characters(std::string_view(text_).substr(first, byte - first)) + 1;
  return {name_, static_cast<uint32_t>(after - line_starts_.begin()), static_cast<uint32_t>(column),
          length};
}

size_t SourceText::byte_at(const SourceLocation& location) const {
  if (location.line < 1 || location.line > line_starts_.size()) return text_.size();
  const size_t first = line_starts_[location.line - 1];
  return first + byte_of_character(line(location.line), location.column - 1);
}

std::string render(const Diagnostic& diagnostic, const SourceText& source) {
  const SourceLocation& location = diagnostic.location;
  std::string text = location.file.empty() ? source.name() : location.file;
  if (location.line > 0) {
    text += ":" + std::to_string(location.line) + ":" + std::to_string(location.column);
  }
  text += diagnostic.severity == Severity::error ? "  error " : "  warning ";
  text += error_code_text(diagnostic.code) + " " + printable(diagnostic.message);
  if (has_excerpt(diagnostic)) return text + render_excerpt(diagnostic, source);
  if (!diagnostic.note.empty()) text += " (" + printable(diagnostic.note) + ")";
  if (!diagnostic.suggestion.empty()) text += "; " + printable(diagnostic.suggestion);
  return text;
}

}  // namespace sluice
