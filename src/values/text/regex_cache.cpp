#include "values/text/regex_cache.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace sluice {

namespace {

// The end of a bracket expression whose content starts at `at`: behind its ], or the text's end.
size_t bracket_end(std::string_view pattern, size_t at) {
  if (at < pattern.size() && pattern[at] == ']') ++at;
  while (at < pattern.size() && pattern[at] != ']') {
    if (pattern[at] == '\\') {
      at += 2;
    } else if (pattern.substr(at, 2) == "[:") {
      const size_t close = pattern.find(":]", at + 2);
      at = close == std::string_view::npos ? pattern.size() : close + 2;
    } else {
      ++at;
    }
  }
  return std::min(at + 1, pattern.size());
}

// With [^…] that match no line feed, either.
std::string excluding_line_feeds(std::string_view pattern) {
  std::string result;
  size_t at = 0;
  while (at < pattern.size()) {
    size_t end = at + 1;
    if (pattern[at] == '\\') {
      end = std::min(at + 2, pattern.size());
    } else if (pattern[at] == '[') {
      const bool is_negated = pattern.substr(at, 2) == "[^";
      const size_t content = at + (is_negated ? 2 : 1);
      end = bracket_end(pattern, content);
      if (is_negated) {
        result += "[^\\n";
        // A ] counts as itself in the first place only.
        if (pattern.substr(content).starts_with(']')) result += '\\';
        at = content;
      }
    }
    result += pattern.substr(at, end - at);
    at = end;
  }
  return result;
}

}  // namespace

Result<RegexOptions> RegexOptions::parse(std::string_view flags) {
  RegexOptions options;
  for (const char flag : flags) {
    if (flag == 'i' || flag == 'c') {
      options.ignores_case = flag == 'i';
    } else if (std::string_view("nmspw").find(flag) != std::string_view::npos) {
      options.has_line_ends = flag != 's' && flag != 'p';
      options.excludes_line_feed = flag != 's' && flag != 'w';
    } else if (flag == 'g') {
      options.is_global = true;
    } else if (flag == 'q') {
      options.is_literal = true;
    } else if (flag != 't') {
      return fail(ErrorCode::invalid_argument,
                  std::string("invalid regular expression option: \"") + flag + "\"",
                  "Use i, c, n, m, p, s, w, q or g");
    }
  }
  return options;
}

RegexCache::RegexCache() = default;
RegexCache::~RegexCache() = default;

Result<const re2::RE2*> RegexCache::compile(std::string_view pattern, const RegexOptions& wanted) {
  if (regex_ && wanted == options_ && pattern == pattern_) return regex_.get();
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!wanted.ignores_case);
  options.set_literal(wanted.is_literal);
  // As in PostgreSQL a dot matches a line feed and ^ $ are the ends of the text.
  options.set_dot_nl(!wanted.excludes_line_feed);
  std::string text(pattern);
  if (wanted.excludes_line_feed && !wanted.is_literal) text = excluding_line_feeds(pattern);
  if (wanted.has_line_ends && !wanted.is_literal) text.insert(0, "(?m)");
  auto compiled = std::make_unique<re2::RE2>(text, options);
  if (!compiled->ok()) {
    return fail(ErrorCode::invalid_argument, "invalid regular expression: " + compiled->error());
  }
  pattern_ = pattern;
  options_ = wanted;
  regex_ = std::move(compiled);
  return regex_.get();
}

}  // namespace sluice
