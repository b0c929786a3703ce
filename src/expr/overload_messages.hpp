// The errors of overload resolution, in PostgreSQL's words, with what would have been possible.
// Pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "expr/overload.hpp"

namespace sluice {

// unknown_function, with the closest known name of that form.
Error unknown_function_error(FunctionForm form, std::string_view name,
                             const std::vector<const Function*>& known);
// type_mismatch, listing the overloads.
Error no_overload_error(FunctionForm form, std::string_view name, const ArgumentTypes& arguments,
                        const std::vector<const Function*>& overloads, bool is_ambiguous);
// type_mismatch. `needs_explicit`: CAST would do it.
Error no_cast_error(Type from, Type to, bool needs_explicit);
// type_mismatch.
Error no_common_type_error(Type left, Type right);

}  // namespace sluice
