// One record to produce, as bytes in a spool, and the definition of the sink it belongs to.
//
// Operation: key size (u32 little endian, 0xFFFFFFFF = no key), key, kind (u8: 1 value, 0
// tombstone), value to the end. Definition: "kafka 1 <topic>".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sluice::kafka {

struct Operation {
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;  // none: tombstone
};

void append_operation(const Operation& operation, std::string& out);
// Views into `bytes`. Error state_corrupt.
Result<Operation> parse_operation(std::string_view bytes);

std::string make_definition(const std::string& topic);
// The topic. Error state_version for a definition of another version or connector.
Result<std::string> parse_definition(std::string_view definition);

}  // namespace sluice::kafka
