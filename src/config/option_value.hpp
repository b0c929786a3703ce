// One option's value: from text or node to what Options hands out. Used by OptionTable alone; pure
// functions, any thread. The messages of errors complete "<field> …": must be a duration …
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/option_spec.hpp"

namespace sluice {

struct OptionValue {
  std::string text;
  int64_t number = 0;
  std::vector<std::string> list;
};

// What `text` means for this option. Error invalid_value, invalid_name or template_invalid.
Result<OptionValue> parse_option(const OptionSpec& spec, const std::string& text);

// The same for a node of the file, which may be a list where the option is one. Not for
// OptionKind::node and OptionKind::secret.
Result<OptionValue> parse_option(const OptionSpec& spec, const Node& node);

}  // namespace sluice
