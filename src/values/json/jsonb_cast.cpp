#include "values/json/jsonb_cast.hpp"

#include <string>

#include "values/json/jsonb_view.hpp"

namespace sluice {

Unexpected fail_jsonb_cast(std::string_view value, Type target) {
  constexpr const char* kinds[] = {"null", "string", "numeric", "boolean", "array", "object"};
  return fail(ErrorCode::invalid_argument, std::string("cannot cast jsonb ") +
                                               kinds[static_cast<size_t>(jsonb_kind(value))] +
                                               " to type " + type_name(Type{target.kind}));
}

Result<std::optional<std::string_view>> jsonb_number(std::string_view value, Type target) {
  const JsonbKind kind = jsonb_kind(value);
  if (kind == JsonbKind::null) return std::optional<std::string_view>();
  if (kind != JsonbKind::number) return fail_jsonb_cast(value, target);
  return std::optional(value);
}

}  // namespace sluice
