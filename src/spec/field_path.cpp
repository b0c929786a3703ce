#include "spec/field_path.hpp"

#include <algorithm>

namespace sluice {

Result<std::vector<std::string>> parse_field_path(std::string_view field, std::string_view path) {
  const auto malformed = [field, path] {
    return fail(ErrorCode::invalid_value, "\"" + std::string(field) +
                                              "\" must be like $.common.mid, not \"" +
                                              std::string(path) + "\"");
  };
  if (!path.starts_with('$')) return malformed();
  std::string_view rest = path.substr(1);
  std::vector<std::string> keys;
  while (!rest.empty()) {
    size_t end = 0;
    if (rest.starts_with("['")) {
      end = rest.find("']");
      if (end == std::string_view::npos) return malformed();
      keys.emplace_back(rest.substr(2, end - 2));
      end += 2;
    } else if (rest.starts_with('.')) {
      end = std::min(rest.find_first_of(".[", 1), rest.size());
      keys.emplace_back(rest.substr(1, end - 1));
    } else {
      return malformed();
    }
    const bool is_array = keys.back().find_first_of("[]*") != std::string::npos;
    if (keys.back().empty() || is_array) return malformed();
    rest.remove_prefix(end);
  }
  if (keys.empty()) return malformed();
  return keys;
}

}  // namespace sluice
