// Rows in PostgreSQL's COPY BINARY format: 16-bit field count, then per field a 32-bit length (-1
// NULL) and the type's send format, all big endian. The fields' types are those of pg_type_name.
// Pure functions.
#pragma once

#include <string>
#include <vector>

#include "data/record_batch.hpp"

namespace sluice::postgres {

// The PostgreSQL type that holds every value of ours: "bigint", "numeric", "timestamptz".
const char* pg_type_name(TypeKind kind);

void append_tuple(const RecordBatch& batch, const std::vector<size_t>& columns, size_t row,
                  std::string& out);

}  // namespace sluice::postgres
