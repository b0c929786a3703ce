// UnionAll: passes the rows of all its inputs under one schema. Stateless.
#pragma once

#include <memory>

#include "dataflow/operator.hpp"

namespace sluice {

std::shared_ptr<const OperatorDescription> make_union_all(SchemaPtr schema);

}  // namespace sluice
