// SimilarSubstring: the part of a text that stands between the separators of a SIMILAR TO pattern,
// as substring(text SIMILAR pattern ESCAPE escape) takes it. Lives in a kernel; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "values/text/regex_cache.hpp"

namespace sluice {

class SimilarSubstring {
 public:
  // What find() looks for from now on; nothing is done when it is the same as before. Error
  // invalid_argument.
  Status compile(std::string_view pattern, std::string_view escape);

  // What stands before the part is as short as it can be, and the part then as long; the whole text
  // for a pattern without separators. none: the text does not match. Error invalid_argument: a text
  // and pattern that take too long.
  Result<std::optional<std::string_view>> find(std::string_view text) const;

 private:
  class Search;

  std::optional<std::string> pattern_;
  std::string escape_;
  size_t part_count_ = 0;
  RegexCache whole_cache_;
  RegexCache head_cache_;
  RegexCache rest_cache_;
  RegexCache part_cache_;
  RegexCache tail_cache_;
  const re2::RE2* whole_ = nullptr;
  const re2::RE2* head_ = nullptr;  // what stands before the part
  const re2::RE2* rest_ = nullptr;  // the part and what follows it, to the end
  const re2::RE2* part_ = nullptr;
  const re2::RE2* tail_ = nullptr;
};

}  // namespace sluice
