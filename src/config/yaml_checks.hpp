// Checks of a pipeline file's raw text that a YAML parser does not make, or makes silently. Used by
// parse_yaml alone; pure functions, any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "config/document.hpp"

namespace sluice {

// Bounds that keep a hostile file from costing more than it could be worth.
constexpr size_t max_yaml_bytes = 4U << 20U;
constexpr size_t max_yaml_line_bytes = 16U << 10U;
constexpr size_t max_yaml_depth = 64;
constexpr size_t max_yaml_nodes = 100'000;
constexpr size_t max_yaml_key_bytes = 256;

// Size, line length, valid UTF-8, no control characters. False: the text must not be parsed.
bool check_bytes(const SourceText& source, Diagnostics& diagnostics);

// Lines first to last of the file that hold text of a scalar of several lines.
struct TextLines {
  uint32_t first;
  uint32_t last;
};

// Reports every line that is indented with a tab, outside of such texts. True if there is one.
bool report_tabs(const SourceText& source, const std::vector<TextLines>& texts,
                 Diagnostics& diagnostics);

// 017 (octal to some), no, Yes, on (booleans to some): why the bare scalar is refused, or empty.
std::string_view why_ambiguous(std::string_view scalar);

}  // namespace sluice
