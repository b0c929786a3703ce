// What a jsonb scalar is cast from. Pure functions. Error invalid_argument: it is no such scalar.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "values/type.hpp"

namespace sluice {

// cannot cast jsonb string to type boolean
Unexpected fail_jsonb_cast(std::string_view value, Type target);
// The digits of a number; nullopt, which is SQL's NULL: of null.
Result<std::optional<std::string_view>> jsonb_number(std::string_view value, Type target);
// What `use` makes of them.
template <class Use>
auto use_number(std::string_view value, Type target, Use use)
    -> Result<std::optional<typename decltype(use(value))::value_type>> {
  SLUICE_ASSIGN(const auto digits, jsonb_number(value, target));
  if (!digits) return std::optional<typename decltype(use(value))::value_type>();
  SLUICE_ASSIGN(auto result, use(*digits));
  return std::optional(std::move(result));
}

}  // namespace sluice
