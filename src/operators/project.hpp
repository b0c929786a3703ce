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
  // Rows replace the one of their key. -U leaves as -D, so that expressions need not give the same
  // for a row that is taken back; and so does a row that fails: what its key had is true no more.
  bool sends_upserts = false;
};

std::shared_ptr<const OperatorDescription> make_project(ProjectSettings settings);

}  // namespace sluice
