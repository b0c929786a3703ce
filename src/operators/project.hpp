// Project: computes the columns of its output from those of its input, row by row. Stateless.
#pragma once

#include <memory>
#include <vector>

#include "operators/row_errors.hpp"

namespace sluice {

// One expression per field of `schema`.
std::shared_ptr<const OperatorDescription> make_project(SchemaPtr schema,
                                                        std::vector<ExpressionPtr> expressions,
                                                        StepPolicy policy);

}  // namespace sluice
