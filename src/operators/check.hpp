// Check: quality rules of a step. A row for which a rule is false (NULL passes) goes where the rule
// says: dead letter, dropped, or the pipeline fails. The first rule that fails a row decides. Of a
// row that is taken back (-U, -D) a failed rule is silent: it was reported when the row came.
// Stateless.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "operators/row_errors.hpp"

namespace sluice {

struct CheckRule {
  std::string name;
  ExpressionPtr predicate;
  RowPolicy on_fail = RowPolicy::dead_letter;
};

std::shared_ptr<const OperatorDescription> make_check(SchemaPtr schema,
                                                      std::vector<CheckRule> rules,
                                                      StepPolicy policy);

}  // namespace sluice
