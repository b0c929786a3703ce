// Rows with every type at its ends, and how targets that keep them as JSON documents show them.
#pragma once

#include <string>
#include <vector>

#include "data/record_batch.hpp"

namespace sluice::test {

SchemaPtr every_type_schema();
RecordBatch every_type_rows();
// As the format json writes them, sorted.
std::vector<std::string> every_type_documents();

}  // namespace sluice::test
