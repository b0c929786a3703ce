// Project: computes the columns of its output from those of its input, row by row. Stateless.
#pragma once

#include <memory>
#include <vector>

#include "operators/row_errors.hpp"

namespace sluice {

struct ProjectSettings {
  SchemaPtr schema;
  std::vector<ExpressionPtr> expressions;  // one per field of `schema`
  StepPolicy policy;
  // Over retractions: rows replace the one of their key, and -U leaves as -D. So expressions need
  // not give the same for a row that is taken back.
  bool replaces_by_key = false;
};

std::shared_ptr<const OperatorDescription> make_project(ProjectSettings settings);

}  // namespace sluice
