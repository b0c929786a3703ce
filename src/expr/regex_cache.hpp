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

class RegexCache {
 public:
  RegexCache();
  ~RegexCache();

  // Valid until the next call. Error: invalid_argument.
  Result<const re2::RE2*> compile(std::string_view pattern, bool ignores_case);

 private:
  std::string pattern_;
  bool ignores_case_ = false;
  std::unique_ptr<re2::RE2> regex_;
};

}  // namespace sluice
