// toy_square(bigint), and toy_promise(boolean): what the writer of a query promises, for the
// planner to believe. Computed, it always fails.
#include "expr/kernel.hpp"

namespace sluice {

namespace {

int64_t square(int64_t value) { return value * value; }

Result<bool> break_promise(bool) {
  return fail(ErrorCode::invalid_value, "a promise is not to be computed");
}

}  // namespace

void register_toy_promises(FunctionRegistry& registry) {
  registry.add(function("toy_square", {types::bigint}, types::bigint, per_row<square>(),
                        "The number times itself"));
  registry.add(function("toy_promise", {types::boolean}, types::boolean, per_row<break_promise>(),
                        "What is always true"));
}

}  // namespace sluice
