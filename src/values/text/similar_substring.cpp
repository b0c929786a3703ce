#include "values/text/similar_substring.hpp"

#include <re2/re2.h>

#include "values/text/characters.hpp"
#include "values/text/similar_pattern.hpp"

namespace sluice {

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

// One search: regular expressions alone do not tell the shortest head, so that heads and parts are
// tried, with a bound on the bytes that are looked at.
class SimilarSubstring::Search {
 public:
  Search(const SimilarSubstring& pattern, std::string_view text)
      : pattern_(pattern), text_(text.data(), text.size()) {}

  bool fits() { return matches(*pattern_.whole_, 0, text_.size()); }

  // The end of the shortest head.
  std::optional<size_t> begin_of_part() {
    size_t begin = 0;
    while (!is_exhausted()) {
      re2::StringPiece rest;
      work_ += text_.size() - begin;
      if (!pattern_.rest_->Match(text_, begin, text_.size(), re2::RE2::UNANCHORED, &rest, 1)) break;
      begin = static_cast<size_t>(rest.data() - text_.data());
      if (matches(*pattern_.head_, 0, begin)) return begin;
      if (begin == text_.size()) break;
      begin += character_length(text_[begin]);
    }
    return std::nullopt;
  }

  std::optional<size_t> end_of_part(size_t begin) {
    for (size_t end = text_.size(); !is_exhausted(); --end) {
      const bool is_start = end == text_.size() || !is_continuation(text_[end]);
      if (is_start && matches(*pattern_.part_, begin, end) &&
          matches(*pattern_.tail_, end, text_.size())) {
        return end;
      }
      if (end == begin) break;
    }
    return std::nullopt;
  }

  bool is_exhausted() const {
    constexpr size_t most_work = 1'000'000'000;
    return work_ > most_work;
  }

 private:
  bool matches(const re2::RE2& regex, size_t begin, size_t end) {
    work_ += end - begin;
    return regex.Match(text_, begin, end, re2::RE2::ANCHOR_BOTH, nullptr, 0);
  }

  const SimilarSubstring& pattern_;
  re2::StringPiece text_;
  size_t work_ = 0;
};

Status SimilarSubstring::compile(std::string_view pattern, std::string_view escape) {
  if (pattern_ == pattern && escape_ == escape) return {};
  pattern_.reset();
  SLUICE_ASSIGN(std::vector<std::string> parts, parts_of_similar(pattern, escape));
  SLUICE_ASSIGN(const std::string whole, regex_of_similar(pattern, escape));
  part_count_ = parts.size();
  parts.resize(3);
  const auto group = [](const std::string& part) { return "(?:" + part + ")"; };
  SLUICE_ASSIGN(whole_, whole_cache_.compile(whole, {}));
  SLUICE_ASSIGN(head_, head_cache_.compile(group(parts[0]), {}));
  SLUICE_ASSIGN(rest_, rest_cache_.compile(group(parts[1]) + group(parts[2]) + "$", {}));
  SLUICE_ASSIGN(part_, part_cache_.compile(group(parts[1]), {}));
  SLUICE_ASSIGN(tail_, tail_cache_.compile(group(parts[2]), {}));
  pattern_ = std::string(pattern);
  escape_ = escape;
  return {};
}

Result<std::optional<std::string_view>> SimilarSubstring::find(std::string_view text) const {
  using Found = std::optional<std::string_view>;
  Search search(*this, text);
  if (!search.fits()) return Found();
  if (part_count_ == 1) return Found(text);
  const auto begin = search.begin_of_part();
  const auto end = begin ? search.end_of_part(*begin) : std::nullopt;
  if (end) return Found(text.substr(*begin, *end - *begin));
  if (!search.is_exhausted()) return Found();
  return fail(ErrorCode::invalid_argument, "this text and pattern of SIMILAR take too long",
              "Shorten the text, or use a regular expression: substring(text FROM 'a(b)c')");
}

}  // namespace sluice
