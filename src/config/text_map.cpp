#include "config/text_map.hpp"

#include <algorithm>

#include "config/utf8.hpp"

namespace sluice {

namespace {

using Style = Node::Style;

bool is_continuation(char byte) { return (static_cast<uint8_t>(byte) & 0xC0U) == 0x80U; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// A byte of the scalar's text that stands at a byte of the file, with those that follow it there.
struct Anchor {
  size_t text_byte;
  size_t file_byte;
};

// Walks through the lines below a `|` or `>` and finds each again in the text: the parser took away
// the indentation and, in folded scalars, replaced line ends by spaces.
class BlockAligner {
 public:
  BlockAligner(std::string_view text, const SourceText& source, uint32_t header_line)
      : text_(text), source_(source), line_(header_line) {}

  std::vector<Anchor> align() {
    std::vector<Anchor> anchors;
    while (text_.find_first_not_of(" \n", at_) != std::string_view::npos && next_line()) {
      const size_t indent = indent_of(source_.line(line_));
      const std::string_view content = source_.line(line_).substr(indent);
      if (!skip_to(content)) break;
      anchors.push_back({at_, source_.byte_at({"", line_, 1}) + indent});
      at_ += std::min(content.size(), text_.size() - at_);
    }
    return anchors;
  }

 private:
  // To the next line that is not blank.
  bool next_line() {
    while (source_.byte_at({"", ++line_, 1}) < source_.text().size()) {
      if (source_.line(line_).find_first_not_of(" \t") != std::string_view::npos) return true;
    }
    return false;
  }

  // All lines have the indentation of the first; what it has more belongs to the text.
  size_t indent_of(std::string_view line) {
    const size_t spaces = std::min(line.find_first_not_of(' '), line.size());
    if (indent_ == std::string_view::npos) {
      const size_t first = text_.find_first_not_of('\n');
      const size_t kept = text_.find_first_not_of(' ', first) - first;
      indent_ = spaces - std::min(kept, spaces);
    }
    return std::min(indent_, spaces);
  }

  bool skip_to(std::string_view content) {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      // The last line of the text may have lost blanks at its end.
      if (rest.starts_with(content) || content.starts_with(rest)) return true;
      if (rest.front() != ' ' && rest.front() != '\n') return false;
      ++at_;
    }
    return false;
  }

  std::string_view text_;
  const SourceText& source_;
  uint32_t line_;
  size_t at_ = 0;
  size_t indent_ = std::string_view::npos;
};

// Walks through a plain or quoted scalar and its text side by side; they differ at escapes and at
// line ends.
class FlowAligner {
 public:
  FlowAligner(std::string_view text, std::string_view file, size_t file_byte, Style style)
      : text_(text), file_(file), file_at_(file_byte), style_(style) {
    if (style_ != Style::plain) ++file_at_;
  }

  std::vector<Anchor> align() {
    bool is_continued = false;
    while (at_ < text_.size() && file_at_ < file_.size()) {
      if (skip_line_end() || skip_escaped_line_end()) {
        is_continued = false;
        continue;
      }
      if (!is_continued) anchors_.push_back({at_, file_at_});
      const size_t written = written_size();
      is_continued = written == 1;
      if (is_continued && file_[file_at_] != text_[at_]) break;
      at_ += written == 1 ? 1 : character_size(text_.substr(at_));
      file_at_ += written;
    }
    // Behind an escape the text's end has a place of its own.
    if (!is_continued && !anchors_.empty()) anchors_.push_back({at_, file_at_});
    return anchors_;
  }

 private:
  // Blanks around line ends: one line end became a space, more became one line end less.
  bool skip_line_end() {
    size_t end = file_at_;
    size_t line_ends = 0;
    for (; end < file_.size() && is_blank(file_[end]); ++end) line_ends += file_[end] == '\n';
    if (line_ends == 0) return false;
    at_ += line_ends == 1 ? 1 : line_ends - 1;
    file_at_ = end;
    return true;
  }

  // A backslash before the line end joins the lines.
  bool skip_escaped_line_end() {
    if (style_ != Style::double_quoted || file_[file_at_] != '\\') return false;
    const size_t after = file_at_ + 1;
    if (after >= file_.size() || (file_[after] != '\n' && file_[after] != '\r')) return false;
    file_at_ = std::min(file_.find_first_not_of(" \t\r\n", after), file_.size());
    return true;
  }

  // Bytes in the file for the character at hand; more than one only for an escape.
  size_t written_size() const {
    const std::string_view rest = file_.substr(file_at_);
    if (style_ == Style::single_quoted && rest.starts_with("''")) return 2;
    if (style_ != Style::double_quoted || rest.front() != '\\' || rest.size() < 2) return 1;
    switch (rest[1]) {
      case 'x':
        return 4;
      case 'u':
        return 6;
      case 'U':
        return 10;
      default:
        return 2;
    }
  }

  std::string_view text_;
  std::string_view file_;
  size_t at_ = 0;
  size_t file_at_;
  Style style_;
  std::vector<Anchor> anchors_;
};

std::vector<Anchor> align(const Node& scalar, const SourceText& source) {
  const Style style = scalar.style();
  if (style == Style::literal || style == Style::folded) {
    return BlockAligner(scalar.text(), source, scalar.location().line).align();
  }
  return FlowAligner(scalar.text(), source.text(), source.byte_at(scalar.location()), style)
      .align();
}

}  // namespace

TextMap::TextMap(const Node& scalar, const SourceText& source)
    : file_(source.name()), text_(scalar.text()) {
  for (const Anchor& anchor : align(scalar, source)) {
    const SourceLocation place = source.location_at(anchor.file_byte);
    runs_.push_back({anchor.text_byte, place.line, place.column});
  }
  if (runs_.empty()) runs_.push_back({0, scalar.location().line, scalar.location().column});
}

SourceLocation TextMap::start_of(size_t byte) const {
  if (runs_.empty()) return {};
  auto after =
      std::upper_bound(runs_.begin(), runs_.end(), byte,
                       [](size_t wanted, const Run& run) { return wanted < run.text_byte; });
  if (after == runs_.begin()) ++after;
  const Run& run = *(after - 1);
  const size_t first = std::min(run.text_byte, byte);
  const auto skipped = count_characters(std::string_view(text_).substr(first, byte - first));
  return {file_, run.line, run.column + static_cast<uint32_t>(skipped), 1};
}

size_t TextMap::last_character(size_t end) const {
  size_t byte = end - 1;
  while (byte > 0 && is_continuation(text_[byte])) --byte;
  return byte;
}

SourceLocation TextMap::at_byte(size_t offset, size_t size) const {
  const size_t first = std::min(offset, text_.size());
  SourceLocation place = start_of(first);
  // The last character of the range that stands in the same line decides the length.
  const std::string_view range =
      std::string_view(text_).substr(first, std::min(size, text_.size() - first));
  size_t in_line = std::min(range.find('\n'), range.size());
  while (in_line > 0) {
    const SourceLocation last = start_of(last_character(first + in_line));
    if (last.line == place.line) {
      // An escape is longer in the file than its character is.
      const SourceLocation end = start_of(first + in_line);
      const uint32_t end_column = end.line == place.line ? end.column : last.column + 1;
      place.length = end_column - place.column;
      break;
    }
    const auto run = std::upper_bound(
        runs_.begin(), runs_.end(), first + in_line - 1,
        [](size_t wanted, const Run& candidate) { return wanted < candidate.text_byte; });
    in_line = (run - 1)->text_byte - first;
  }
  return place;
}

SourceLocation TextMap::at_character(size_t offset, size_t size) const {
  const size_t first = byte_of_character(text_, offset);
  const size_t bytes = byte_of_character(std::string_view(text_).substr(first), size);
  return at_byte(first, bytes);
}

}  // namespace sluice
