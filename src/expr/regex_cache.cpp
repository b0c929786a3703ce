#include "expr/regex_cache.hpp"

#include <re2/re2.h>

namespace sluice {

Result<RegexOptions> RegexOptions::parse(std::string_view flags) {
  RegexOptions options;
  for (const char flag : flags) {
    if (flag == 'i' || flag == 'c') {
      options.ignores_case = flag == 'i';
    } else if (flag == 'n' || flag == 'm' || flag == 's') {
      options.is_by_line = flag != 's';
    } else if (flag == 'g') {
      options.is_global = true;
    } else if (flag == 'q') {
      options.is_literal = true;
    } else if (flag != 't') {
      return fail(ErrorCode::invalid_argument,
                  std::string("invalid regular expression option: \"") + flag + "\"",
                  "Use i, c, n, m, s, q or g");
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
  options.set_dot_nl(!wanted.is_by_line);
  const std::string text =
      (wanted.is_by_line && !wanted.is_literal ? "(?m)" : "") + std::string(pattern);
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
