#include "config/yaml_checks.hpp"

#include <algorithm>

#include "config/utf8.hpp"

namespace sluice {

namespace {

bool report_bytes(const SourceText& source, size_t byte, ErrorCode code, std::string message,
                  Diagnostics& diagnostics) {
  diagnostics.error(code, source.location_at(byte), std::move(message));
  return false;
}

// The first control character that is neither tab nor line end, or npos. yaml-cpp takes 0x04 for
// the end of the file.
size_t find_control_character(std::string_view text) {
  const auto* found = std::find_if(text.begin(), text.end(), [](char c) {
    return (static_cast<uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
  });
  return found == text.end() ? std::string_view::npos : static_cast<size_t>(found - text.begin());
}

size_t find_long_line(std::string_view text) {
  size_t first = 0;
  while (first < text.size()) {
    const size_t end = std::min(text.find('\n', first), text.size());
    if (end - first > max_yaml_line_bytes) return first;
    first = end + 1;
  }
  return std::string_view::npos;
}

bool is_within(uint32_t line, const std::vector<TextLines>& texts) {
  return std::any_of(texts.begin(), texts.end(), [line](const TextLines& text) {
    return line >= text.first && line <= text.last;
  });
}

}  // namespace

bool check_bytes(const SourceText& source, Diagnostics& diagnostics) {
  constexpr size_t none = std::string_view::npos;
  const std::string& text = source.text();
  if (text.size() > max_yaml_bytes) {
    return report_bytes(source, 0, ErrorCode::yaml_limit, "the file is larger than 4 MiB",
                        diagnostics);
  }
  if (const size_t line = find_long_line(text); line != none) {
    return report_bytes(source, line, ErrorCode::yaml_limit,
                        "the line is longer than 16 KiB: break it", diagnostics);
  }
  if (const size_t byte = find_invalid_utf8(text); byte != none) {
    return report_bytes(source, byte, ErrorCode::yaml_syntax, "the text is not valid UTF-8",
                        diagnostics);
  }
  if (const size_t byte = find_control_character(text); byte != none) {
    return report_bytes(source, byte, ErrorCode::yaml_syntax, "a control character stands here",
                        diagnostics);
  }
  return true;
}

bool report_tabs(const SourceText& source, const std::vector<TextLines>& texts,
                 Diagnostics& diagnostics) {
  const std::string_view text = source.text();
  bool has_tabs = false;
  size_t first = 0;
  for (uint32_t line = 1; first < text.size(); ++line) {
    const size_t content = std::min(text.find_first_not_of(" \t", first), text.size());
    const size_t tab = text.substr(0, content).find('\t', first);
    const bool is_blank_line =
        content == text.size() || text[content] == '\n' || text[content] == '\r';
    if (tab != std::string_view::npos && !is_blank_line && !is_within(line, texts)) {
      diagnostics.error(ErrorCode::tab_indentation, source.location_at(tab),
                        "the line is indented with a tab; indent with spaces");
      has_tabs = true;
    }
    first = std::min(text.find('\n', content), text.size()) + 1;
  }
  return has_tabs;
}

std::string_view why_ambiguous(std::string_view scalar) {
  const std::string_view digits = scalar.substr(scalar.find_first_not_of("+-") == 1 ? 1 : 0);
  if (digits.size() > 1 && digits.front() == '0' &&
      digits.find_first_not_of("0123456789_") == std::string_view::npos) {
    return "a number with a leading zero is octal to some YAML readers";
  }
  std::string lower(scalar.substr(0, 4));
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const bool is_switch = lower == "yes" || lower == "no" || lower == "on" || lower == "off";
  if (is_switch && scalar.size() == lower.size()) {
    return "the word is a boolean to some YAML readers";
  }
  return {};
}

}  // namespace sluice
