// Making canonical jsonb text out of values that are canonical already. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

// Appends the text as a JSON string with PostgreSQL's escapes.
void append_jsonb_string(std::string_view text, std::string& out);
// The order of keys within an object: shorter ones first, then by bytes. Keys in quotes and
// escaped.
bool is_jsonb_key_before(std::string_view left, std::string_view right);
// The operator ||: two objects merge, the right one's members win; anything else joins as arrays.
std::string concatenate_jsonb(std::string_view left, std::string_view right);

struct JsonbMember {
  std::string key;  // in quotes
  std::string value;
};
// In the order of jsonb; of equal keys the last one counts.
std::string object_of(std::vector<JsonbMember> members);

}  // namespace sluice
