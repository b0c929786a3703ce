// Constants that make a call fail whatever the row: 1 / 0, date_trunc('dya', at), t ~ '('. That can
// be said before there is a row.
#pragma once

#include "sql/bind_state.hpp"

namespace sluice {

// Reports the calls of one whole expression that fail with their constants. An error where every
// row comes to a call of constants alone. A warning where rows may pass it by, in the branches of
// CASE and COALESCE and behind the first operand of AND and OR, and where a row's NULL still gives
// NULL: PostgreSQL, too, takes those and fails at the first row.
// False: an error was reported.
bool check_constant_calls(BindState& state, const Expression& expression);

}  // namespace sluice
