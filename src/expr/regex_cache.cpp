#include "expr/regex_cache.hpp"

#include <re2/re2.h>

namespace sluice {

RegexCache::RegexCache() = default;
RegexCache::~RegexCache() = default;

Result<const re2::RE2*> RegexCache::compile(std::string_view pattern, bool ignores_case) {
  if (regex_ && ignores_case == ignores_case_ && pattern == pattern_) return regex_.get();
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!ignores_case);
  // As in PostgreSQL a dot matches a line feed and ^ $ are the ends of the text.
  options.set_dot_nl(true);
  auto compiled =
      std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled->ok()) {
    return fail(ErrorCode::invalid_argument, "invalid regular expression: " + compiled->error());
  }
  pattern_ = pattern;
  ignores_case_ = ignores_case;
  regex_ = std::move(compiled);
  return regex_.get();
}

}  // namespace sluice
