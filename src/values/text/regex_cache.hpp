// RegexCache: compiled regular expressions of one call of a kernel: a pattern that repeats from row
// to row is compiled once. Lives in the kernel; one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace re2 {
class RE2;
}

namespace sluice {

struct RegexOptions {
  bool ignores_case = false;
  bool has_line_ends = false;       // ^ and $ match there, too
  bool excludes_line_feed = false;  // from what a dot and [^…] match
  bool is_literal = false;
  bool is_global = false;  // the caller's business: all matches, not the first

  bool operator==(const RegexOptions&) const = default;
  // PostgreSQL's letters: i, c, n, m, p, s, w, q, g, t. Error invalid_argument: another one.
  static Result<RegexOptions> parse(std::string_view flags);
};

class RegexCache {
 public:
  RegexCache();
  ~RegexCache();

  // Valid until the next call. Error: invalid_argument.
  Result<const re2::RE2*> compile(std::string_view pattern, const RegexOptions& wanted);

 private:
  std::string pattern_;
  RegexOptions options_;
  std::unique_ptr<re2::RE2> regex_;
};

}  // namespace sluice
