// find_named: the entry with a name, among those of a list of the file. Null: there is none. Pure.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace sluice {

template <class T>
const T* find_named(const std::vector<T>& all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [name](const T& entry) { return entry.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace sluice
