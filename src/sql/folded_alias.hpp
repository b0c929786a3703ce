// Warnings of `AS orderId`: without quotes the column becomes orderid, which the target of the
// rows may not have. Words in upper case alone are SQL's own manner and are not warned of.
#pragma once

#include <string>
#include <vector>

#include "sql/bind_state.hpp"
#include "sql/parse_node.hpp"

namespace sluice {

// `target`: a ResTarget of a select list.
void warn_of_folded_alias(BindState& state, const ParseNode& target);
// The names in `WITH relation (orderId)` or `AS relation (orderId)`, which stands behind `from`.
void warn_of_folded_list(BindState& state, uint32_t from, const std::string& relation,
                         const std::vector<std::string>& names);

}  // namespace sluice
