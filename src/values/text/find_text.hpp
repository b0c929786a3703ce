// Finding a text in another in time that grows with the two together, not with their product.
#pragma once

#include <cstring>
#include <string_view>

namespace sluice {

// The first byte of `part` in `text` from `from` on, which is within it; npos: it is not there.
inline size_t find_text(std::string_view text, std::string_view part, size_t from = 0) {
  if (part.empty()) return from;
  const std::string_view rest = text.substr(from);
  if (rest.empty()) return std::string_view::npos;
  const void* const found = memmem(rest.data(), rest.size(), part.data(), part.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace sluice
