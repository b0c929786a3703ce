// A warning of `AS orderId`: without quotes the column becomes orderid, which the target of the
// rows may not have. Words in upper case alone are SQL's own manner and are not warned of.
#pragma once

#include "sql/bind_state.hpp"
#include "sql/parse_node.hpp"

namespace sluice {

// `target`: a ResTarget of a select list.
void warn_of_folded_alias(BindState& state, const ParseNode& target);

}  // namespace sluice
