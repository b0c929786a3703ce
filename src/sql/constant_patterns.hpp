// Constant patterns that cannot be read: `t ~ '('` fails for every row with a text, which can be
// said before there is one.
#pragma once

#include "sql/bind_state.hpp"

namespace sluice {

// Warns when a call that takes a pattern fails whatever the text: PostgreSQL, too, takes it and
// fails at the first text that is not NULL.
void check_constant_pattern(BindState& state, const Bound& call);

}  // namespace sluice
