// Table functions of FROM: windows, and what there is for the others. One thread.
#pragma once

#include "sql/from_binder.hpp"

namespace sluice {

// The call inside of a RangeFunction, and its name; empty for anything else.
const ParseNode& table_function_call(const ParseNode& item);
std::string table_function_name(const ParseNode& item);

BoundTable bind_table_function(BindState& state, const ParseNode& item, const CteScope* ctes);

}  // namespace sluice
