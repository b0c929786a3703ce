#include "values/text/regex_matches.hpp"

#include <re2/re2.h>

#include <array>

#include "values/text/characters.hpp"

namespace sluice {

namespace {

// The match and \1 … \9.
constexpr size_t usual_groups = 10;

}  // namespace

RegexMatches::RegexMatches(const re2::RE2& regex, std::string_view text, size_t start)
    : regex_(regex),
      text_(text.data() == nullptr ? std::string_view("") : text),
      next_(start),
      groups_(static_cast<size_t>(regex.NumberOfCapturingGroups()) + 1) {}

bool RegexMatches::next() {
  if (next_ > text_.size()) return false;
  std::array<re2::StringPiece, usual_groups> few;
  std::vector<re2::StringPiece> many(groups_.size() > few.size() ? groups_.size() : 0);
  re2::StringPiece* const found = many.empty() ? few.data() : many.data();
  const bool is_match =
      regex_.Match(re2::StringPiece(text_.data(), text_.size()), next_, text_.size(),
                   re2::RE2::UNANCHORED, found, static_cast<int>(groups_.size()));
  if (!is_match) {
    next_ = text_.size() + 1;
    return false;
  }
  for (size_t i = 0; i < groups_.size(); ++i) groups_[i] = {found[i].data(), found[i].size()};
  next_ = offset() + groups_[0].size();
  if (groups_[0].empty()) next_ += next_ < text_.size() ? character_length(text_[next_]) : 1;
  return true;
}

}  // namespace sluice
