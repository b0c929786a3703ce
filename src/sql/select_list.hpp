// The select list: *, t.*, expressions and their names. One thread.
#pragma once

#include <string>
#include <vector>

#include "sql/expression_binder.hpp"

namespace sluice {

struct SelectItem {
  std::string name;
  ExpressionPtr expression;  // null when a problem was reported
  bool untyped = false;      // a literal that is text for now
};

// Items in order; stars are expanded.
std::vector<SelectItem> bind_select_list(ExpressionBinder& binder, const ParseNode::List& targets);

}  // namespace sluice
