// A Relation as indented text, one node a line, inputs below: for tests and `explain`. Pure.
#pragma once

#include <string>
#include <vector>

#include "sql/relation.hpp"

namespace sluice {

std::string to_string(const Relation& relation);

// Names of a schema's columns, as expressions are printed with.
std::vector<std::string> column_names(const Schema& schema);
// "sum(DISTINCT amount) FILTER (WHERE paid)", over the columns of the aggregate's input.
std::string to_string(const AggregateCall& call, const std::vector<std::string>& names);

}  // namespace sluice
