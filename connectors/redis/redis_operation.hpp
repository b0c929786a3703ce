// One row's change of one key, as bytes in a spool: absolute values and an absolute expiry, so that
// writing it twice changes nothing.
//
// Operation: kind (u8: 'H' hash, 'S' string, 'D' delete), expiry (i64 ms since 1970, 0 none), then
// length-prefixed (u32) texts: the key, and for 'S' the value, for 'H' pairs of field and value,
// where a field without value (length 0xFFFFFFFF) is removed. All numbers little endian. Definition
// of a sink: "redis 1 hash" or "redis 1 string".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "connectors/redis/redis_client.hpp"

namespace sluice::redis {

struct Operation {
  enum class Kind : char { hash = 'H', string = 'S', remove = 'D' };
  Kind kind = Kind::remove;
  int64_t expires_at_ms = 0;
  std::string_view key;
  std::string_view value;                                                            // of string
  std::vector<std::pair<std::string_view, std::optional<std::string_view>>> fields;  // of hash
};

void append_operation(const Operation& operation, std::string& out);
// Views into `bytes`. Error state_corrupt.
Result<Operation> parse_operation(std::string_view bytes);

// The commands that carry an operation out.
std::vector<Arguments> commands_of(const Operation& operation);
// TYPE's answers under which the operation cannot fail: its own type, or "none".
bool fits_type(const Operation& operation, std::string_view type);

}  // namespace sluice::redis
