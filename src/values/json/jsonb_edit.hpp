// Changing canonical jsonb at a path: jsonb_set, jsonb_insert, #- and the operator -. Pure
// functions. Errors: invalid_argument (a scalar has no parts, a key exists already, a step is
// NULL), invalid_text (a step into an array is no number).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "values/json/jsonb_path.hpp"

namespace sluice {

enum class JsonbEdit : uint8_t { set, replace, insert_before, insert_after, erase };

// `value`: canonical; not used by erase.
Result<std::string> edit_jsonb(JsonbEdit edit, std::string_view document, const JsonbPath& path,
                               std::string_view value);
// Without a key, or without the elements that are this string.
Result<std::string> erase_key(std::string_view document, std::string_view key);
// Without an element; negative indexes count from the end.
Result<std::string> erase_element(std::string_view document, int32_t index);

}  // namespace sluice
