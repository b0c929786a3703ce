// Filter: passes the rows for which a predicate is true; false and NULL are dropped. Stateless.
#pragma once

#include <memory>

#include "operators/row_errors.hpp"

namespace sluice {

std::shared_ptr<const OperatorDescription> make_filter(SchemaPtr schema, ExpressionPtr predicate,
                                                       StepPolicy policy);

}  // namespace sluice
