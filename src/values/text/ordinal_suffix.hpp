// The English ending of ordinal numbers: 1st, 12TH. Pure function.
#pragma once

#include <string>

namespace sluice {

// Appends it to a text that ends with a number; nothing when it does not.
inline void append_ordinal_suffix(std::string& text, bool is_upper) {
  if (text.empty() || text.back() < '0' || text.back() > '9') return;
  const bool is_teen = text.size() > 1 && text[text.size() - 2] == '1';
  const char last = is_teen ? '0' : text.back();
  const char* const suffix = last == '1'   ? "STst"
                             : last == '2' ? "NDnd"
                             : last == '3' ? "RDrd"
                                           : "THth";
  text.append(is_upper ? suffix : suffix + 2, 2);
}

}  // namespace sluice
