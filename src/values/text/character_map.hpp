// CharacterMap: what stands for each character of a text, or whether a text has it, found without
// going through that text for each. Borrows the texts; one thread.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "values/text/characters.hpp"

namespace sluice {

class CharacterMap {
 public:
  // The n-th character of `to` for the n-th of `from`, nothing for those that `to` is too short
  // for. Of equal ones the first counts.
  CharacterMap(std::string_view from, std::string_view to) {
    while (!from.empty()) {
      const std::string_view made = to.empty() ? std::string_view() : first_character(to);
      entries_.push_back({first_character(from), made});
      from.remove_prefix(entries_.back().character.size());
      to.remove_prefix(made.size());
    }
    if (is_short()) return;
    std::stable_sort(entries_.begin(), entries_.end(), is_before);
  }
  explicit CharacterMap(std::string_view characters) : CharacterMap(characters, {}) {}

  bool has(std::string_view character) const { return find(character).has_value(); }
  // None: the character is none of `from`.
  std::optional<std::string_view> find(std::string_view character) const {
    auto entry = entries_.begin();
    if (is_short()) {
      while (entry != entries_.end() && entry->character != character) ++entry;
    } else {
      entry = std::lower_bound(entry, entries_.end(), Entry{character, {}}, is_before);
    }
    const bool is_there = entry != entries_.end() && entry->character == character;
    return is_there ? std::optional(entry->made) : std::nullopt;
  }

 private:
  struct Entry {
    std::string_view character;
    std::string_view made;
  };
  static bool is_before(const Entry& left, const Entry& right) {
    return left.character < right.character;
  }
  // Looking at each is quicker than sorting.
  bool is_short() const { return entries_.size() <= 16; }

  std::vector<Entry> entries_;
};

}  // namespace sluice
